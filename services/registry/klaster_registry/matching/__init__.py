"""Messy strings and rows to entities: read, compared with an index in memory, scored by named features."""
