"""The panel of a training run."""
