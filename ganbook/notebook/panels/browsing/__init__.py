"""The panel that looks around in a generator."""
