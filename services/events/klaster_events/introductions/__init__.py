"""Introductions: whom a participant of an edition is suggested to meet, each with reasons that people understand."""
