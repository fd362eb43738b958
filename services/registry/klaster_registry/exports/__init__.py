"""The whole registry, or a part of it, out: a consistent snapshot in constant memory, with its place in the feed."""
