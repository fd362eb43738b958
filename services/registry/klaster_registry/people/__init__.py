"""People: representatives, experts, members of bodies. Private unless they consented; the rest knows a random id."""
