"""Codes of registrations: what the QR at the door holds."""

import secrets
from base64 import b32encode

# Crockford's alphabet: no letter is taken for a digit, and a QR code of capitals is smaller.
_READABLE = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_BYTES = 10  # 80 bits, sixteen characters: nobody finds one by trying


def new_code() -> str:
    """A code that nobody can guess."""
    return b32encode(secrets.token_bytes(_BYTES)).translate(_READABLE).decode()


# A code may be typed by hand: in its alphabet these look alike, and only one of each is a letter of it.
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def code_of(text: str) -> str:
    """The code that was read or typed."""
    return text.strip().upper().translate(_ALIKE)[:20]
