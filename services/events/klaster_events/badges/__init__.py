"""Badges: what a printer needs of an event's people, and no more."""
