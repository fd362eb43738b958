"""The cluster on one page, composed from all three services."""
