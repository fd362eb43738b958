"""Paths as people read them: vision, effects, indicators, programmes with their goals, tasks."""
