"""Special interest groups and networks: codes of a taxonomy each, with members over time."""
