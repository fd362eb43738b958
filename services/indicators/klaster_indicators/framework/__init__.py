"""Editions of the strategy and their framework: levels, paths, effects, programmes, tasks. No routes live here."""
