"""The panel that paints masks and fills them."""
