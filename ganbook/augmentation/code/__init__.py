"""A policy as code for other libraries: Keras layers, torchvision transforms, albumentations."""
