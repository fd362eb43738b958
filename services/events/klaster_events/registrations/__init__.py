"""Registrations: who has a seat, who waits for one."""
