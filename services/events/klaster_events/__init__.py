"""The events service: what takes place, who came, and the figures counted from it."""
