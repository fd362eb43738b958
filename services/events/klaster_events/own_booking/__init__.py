"""One's own booking behind its link: whoever is to come reads it without a key, and cancels it."""
