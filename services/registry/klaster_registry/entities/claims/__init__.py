"""Who claims which identifier."""
