"""Metrics: how close generated images are to real ones, each named after the space it is measured in."""
