"""Keeping a stack: one archive of all four databases, its way back, and the move from SQLite to PostgreSQL."""
