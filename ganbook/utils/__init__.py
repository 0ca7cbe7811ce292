"""What has nothing to do with GANs: TensorFlow without its banner, errors, files, figures, progress."""
