"""Named live figures of events: definitions are data, counting is the lists' own."""
