"""Demonstration data: plausible events of six years, invented from a fixed seed. Nothing here took place."""
