"""Seats in sessions of the agenda: taken with the seat at the event, wanted until then."""
