"""Units: what measures, observations and plans are counted in; data that the office can change."""
