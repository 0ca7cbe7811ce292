"""Filling holes in pictures: :mod:`masks`, the methods, and the study that compares them."""
