"""Competitors: entities that another does not want to be matched with. Between the two of them, and told to nobody."""
