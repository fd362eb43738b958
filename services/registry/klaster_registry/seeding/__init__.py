"""Demonstration data, and the client of the API that loads it."""
