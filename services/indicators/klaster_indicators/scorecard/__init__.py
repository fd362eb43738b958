"""The scorecard: how far every measure is on its way, and what can be said of it at all."""
