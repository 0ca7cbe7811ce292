"""The panel that enlarges and restores images."""
