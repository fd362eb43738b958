"""Where an entity is."""
