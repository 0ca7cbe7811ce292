"""The panel that tries augmentations."""
