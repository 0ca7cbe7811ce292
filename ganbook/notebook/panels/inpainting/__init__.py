"""The panel that paints and fills holes."""
