"""Merges in the registry, followed: what is named by an old id here is named by the survivor's."""
