"""The panel of a GAN in the plane."""
