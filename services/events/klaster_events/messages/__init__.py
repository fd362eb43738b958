"""Messages: the outbox is worked off here, and the office sees what became of each."""
