"""Restore and enlarge images."""
