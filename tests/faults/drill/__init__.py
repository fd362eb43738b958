"""Breaking a stack under load, one fault after another, and telling what users saw: `make faults` writes the table."""
