"""The Jupyter face: magics, their completion, and panels. Nothing else in ganbook knows Jupyter."""
