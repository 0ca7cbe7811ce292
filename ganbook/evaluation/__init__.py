"""Evaluations: metrics of a run or of images, verdicts in words, and comparisons of several runs."""
