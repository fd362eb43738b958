"""Changes that partners propose to their own records; the office decides."""
