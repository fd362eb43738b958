"""The time line of a measure, as data: where it started, where it is to go, what was measured on the way."""
