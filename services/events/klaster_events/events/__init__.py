"""Events: what takes place, when and where, with how many seats."""
