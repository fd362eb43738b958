"""What the stack costs: `make bench` (ROUNDS=3 for a quick look). Installs nothing."""
