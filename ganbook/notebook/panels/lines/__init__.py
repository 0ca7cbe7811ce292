"""The panel that browses the lines of a text run."""
