"""Types of events: data of the office, each with what it counts as."""
