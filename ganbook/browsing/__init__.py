"""Looking around in what a GAN has learned: a gallery, directions, strips, neighbours, a map; no notebook needed."""
