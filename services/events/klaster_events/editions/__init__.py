"""Editions of the forum: one event's 1:1 meetings, with their times, tables and rules. Who meets whom is not here."""
