"""What the operations do to pixels."""
