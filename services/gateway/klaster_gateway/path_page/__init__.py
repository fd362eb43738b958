"""A path of the strategy across services, on one page."""
