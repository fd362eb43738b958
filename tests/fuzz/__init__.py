"""Schemathesis over the whole merged contract, in front of the four real services."""
