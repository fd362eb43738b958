"""Documents: reports, roadmaps, analyses and strategies, by field and year."""
