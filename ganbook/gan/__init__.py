"""The model: two networks, their losses, the step that trains them. An ordinary Keras model."""
