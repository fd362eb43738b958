"""Laboratories and services that the registry shows as shared: a local copy, and how their owners have them booked."""
