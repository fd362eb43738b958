"""Live figures: pulled from the services that count them, stored as observations, marked where they are stale."""
