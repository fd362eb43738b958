"""Taxonomies that an office edits: interest groups, fields, markets, kinds of entities."""
