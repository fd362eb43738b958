"""Limits: how often a caller may ask, and how much of a service one caller may keep busy."""
