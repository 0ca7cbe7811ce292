"""The ground floor, without domain: TensorFlow without its banner, errors, files, figures, progress."""
