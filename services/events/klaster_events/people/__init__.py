"""People: the only place of personal data. Everything else knows a random id."""
