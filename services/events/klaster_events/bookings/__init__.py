"""Bookings of shared laboratories and services, slot by slot: no quarter of an hour is ever given twice."""
