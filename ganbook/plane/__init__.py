"""Points in the plane to play with: a run that is trained piece by piece, and taken away as Keras code."""
