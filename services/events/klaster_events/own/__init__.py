"""One's own registration, behind the signed link that was sent for it: no account, no password, nobody else's."""
