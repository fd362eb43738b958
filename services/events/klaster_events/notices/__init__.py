"""Notices: what happens to an event becomes a message for each person concerned."""
