"""Data repositories: who keeps them, for which fields, and since when they are available."""
