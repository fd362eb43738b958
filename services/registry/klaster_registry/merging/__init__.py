"""Merging: two entities become one, and everything that names the one that goes names the other from then on."""
