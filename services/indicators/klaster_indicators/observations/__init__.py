"""Observations: what was measured, by whom or by which figure; restated with a reason, never overwritten."""
