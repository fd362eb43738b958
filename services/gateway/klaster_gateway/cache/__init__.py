"""Answers kept for those who ask without a key: only what is public, and only as long as nothing has changed."""
