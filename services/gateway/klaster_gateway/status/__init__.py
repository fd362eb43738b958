"""What is up, since when, in which version."""
