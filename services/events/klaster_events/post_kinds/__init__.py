"""Kinds of posts on the board: data of the office, each with what it counts as."""
