"""A training: from options to a run, its thread, its folder, what watches over it."""
