"""What entities are to each other."""
