"""Panels: what a run looks like in a notebook. Their scripts and styles are in ``ganbook/notebook/static``."""
