"""Special interest groups, networks and advisory bodies: codes of a taxonomy each, with members over time."""
