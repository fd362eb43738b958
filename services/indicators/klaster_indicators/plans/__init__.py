"""The yearly action plan, September to August: items by task of level D; their sums measure that level."""
