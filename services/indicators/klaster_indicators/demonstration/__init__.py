"""Demonstration rows: action plans with their items, and one review; invented, and marked as such."""
