"""The local copy of the registry's entities: events go on while the registry is away."""
