"""API keys: who holds one may act in its role; the secret is shown once and never stored."""
