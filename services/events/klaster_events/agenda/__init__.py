"""The agenda of an event: sessions with rooms and speakers, some with seats of their own."""
