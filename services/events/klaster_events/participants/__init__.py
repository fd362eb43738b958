"""Participants of an edition: who registered for its event and wants to meet others, with their profiles."""
