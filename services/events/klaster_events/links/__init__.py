"""Signed links: what somebody without an account may do with what is theirs."""
