"""Organisations with headquarters abroad and partners of the GIN, with their engagement over time."""
