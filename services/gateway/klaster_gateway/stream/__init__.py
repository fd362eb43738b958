"""One stream of all services' changes: followed once, listened to by many."""
