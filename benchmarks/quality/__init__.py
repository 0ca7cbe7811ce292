"""Recipes to compare by the quality they reach in time; see :mod:`benchmarks.time_to_quality`."""
