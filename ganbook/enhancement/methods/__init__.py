"""Methods that restore or enlarge images, one file for each."""
