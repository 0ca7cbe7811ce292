"""The dashboard of all runs."""
