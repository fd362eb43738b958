"""Retention: personal data goes when nothing needs it any more."""
