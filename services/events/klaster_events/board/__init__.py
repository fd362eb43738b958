"""The board of LSOS: what entities offer and what they need."""
