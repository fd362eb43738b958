"""Laboratories: who owns them, how large they are and whether they are shared, over time."""
