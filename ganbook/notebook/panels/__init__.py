"""Panels: live views of runs and data in a notebook. A folder per panel holds its Python, JavaScript and styles."""
