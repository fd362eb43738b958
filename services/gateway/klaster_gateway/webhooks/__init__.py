"""Webhooks: whoever subscribed is told of changes, signed, until they have acknowledged them."""
