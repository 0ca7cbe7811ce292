"""Changing images so that a model sees more variety."""
