"""Many records of an outside source at once: read, checked, written in batches, and written again without harm."""
