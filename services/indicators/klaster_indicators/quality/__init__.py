"""What is wrong with the framework itself: gaps, contradictions, slips, readings, each with its place."""
