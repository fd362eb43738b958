"""Who is at the door: callers from their keys, and the internal tokens that speak for them behind it."""
