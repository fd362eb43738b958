"""Named live figures of the registry: definitions are data, counting is the lists' own."""
