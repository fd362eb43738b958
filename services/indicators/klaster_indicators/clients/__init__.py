"""The neighbours that this service asks, one module each."""
