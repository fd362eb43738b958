"""Evidence: files that show where a value comes from, kept with the indicator and named by its observations."""
