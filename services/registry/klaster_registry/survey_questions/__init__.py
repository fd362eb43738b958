"""What the yearly survey asks: questions that the office edits, each with its unit."""
