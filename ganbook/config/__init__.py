"""Options, one file a command, declared once for the terminal, the magics, the docstrings and completion."""
