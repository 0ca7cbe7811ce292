"""The panel of a training."""
