"""The panel that puts augmentation policies together."""
