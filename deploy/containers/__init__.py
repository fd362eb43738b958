"""One-shot steps of the compose stack: what must be there before the services start."""
