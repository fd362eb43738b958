"""Certificates: who took part in what, and for how long, under a number that is never used again."""
