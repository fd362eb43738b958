"""The life of an entity, step by step."""
