"""Observations in: a table from a file, a verdict for each row, stored whole or not at all."""
