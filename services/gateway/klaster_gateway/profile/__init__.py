"""An organisation across services, on one page."""
