"""The neighbours that this service asks, each in this service's own words."""
