"""The same GAN step run in different ways, one file each; see :mod:`benchmarks.throughput`."""
