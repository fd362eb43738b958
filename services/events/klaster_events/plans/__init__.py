"""Plans: all meetings of an edition scheduled at once, or as few as possible moved where something changed."""
