"""One search over all services."""
