"""Privacy: a person's data out, or erased; what stays is a number."""
