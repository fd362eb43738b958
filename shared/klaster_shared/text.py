"""Folding and sort keys for names: the same on both engines, so they are made here and stored."""

import unicodedata

# ł, and its like, have no decomposition: Unicode normalisation alone leaves them as they are.
_NO_DECOMPOSITION = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"}
)
_ALPHABET = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
# 35 letters from "A" on: printable, after blanks and digits, before every letter of another script.
_RANKS = {letter: chr(0x41 + rank) for rank, letter in enumerate(_ALPHABET)}
_ASCII_RANKS = {code: _RANKS.get(chr(code), chr(code) if chr(code).isdigit() else " ") for code in range(128)}


def fold(text: str) -> str:
    """Lower case, without accents, blanks collapsed: `Łódź ` becomes `lodz`."""
    if text.isascii():
        return " ".join(text.lower().split())  # most names are, and have nothing to be folded but their case
    # Unicode's compatibility caseless matching: folding and decomposing each make work for the other.
    lowered = unicodedata.normalize("NFD", text).casefold()
    for _ in range(2):
        lowered = unicodedata.normalize("NFKD", lowered.translate(_NO_DECOMPOSITION)).casefold()
    stripped = "".join(char for char in lowered if not unicodedata.combining(char))
    return " ".join(stripped.split())


def sort_key(text: str) -> str:
    """A key whose code-point order is the Polish alphabet's: `Łódź` between `Lublin` and `Mielec`.

    The first level ranks letters (a with ogonek after a, foreign accents as their base letter); the text itself,
    case-folded, settles ties, so that equal keys mean equal texts but for case.
    """
    lowered = unicodedata.normalize("NFC", text.casefold())
    words = " ".join(lowered.split())
    ranked = words.translate(_ASCII_RANKS) if words.isascii() else "".join(_ranked(char) for char in words)
    return f"{ranked}\x01{lowered}"


def _ranked(char: str) -> str:
    if char in _RANKS:
        return _RANKS[char]
    if char.isalpha():
        return "".join(_RANKS.get(letter, letter) for letter in fold(char))
    return char if char.isdigit() else " "
