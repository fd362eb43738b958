"""What browsers are told: who may read across origins, and what they must not make of an answer."""
