"""Codes of registrations: what the QR at the door holds."""

import secrets

# Crockford's alphabet: no letter is taken for a digit, and a QR code of capitals is smaller.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 16  # 80 bits: nobody finds one by trying


def new_code() -> str:
    """A code that nobody can guess."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
