"""The panel that explores a generator."""
