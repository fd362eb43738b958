"""What grew here and belongs into the registry: proposed to it, once, when it answers. The office there decides."""
