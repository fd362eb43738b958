"""Matches: posts that are suggested to an entity, or for a post, each with reasons that people understand."""
