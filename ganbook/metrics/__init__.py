"""How near generated pictures come to real ones, each number named after the space it is measured in."""
