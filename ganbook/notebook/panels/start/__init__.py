"""The form that begins a training."""
