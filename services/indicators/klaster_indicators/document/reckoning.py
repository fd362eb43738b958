"""How a target comes to its number, in both languages: it is kept in English, and said in the one asked for."""

import re

from klaster_shared.labels import Label

_POLISH = (
    (re.compile(r"^at least: "), "co najmniej: "),
    (re.compile(r"^at most: "), "co najwyżej: "),
    (re.compile(r"^exactly: "), "dokładnie: "),
    (re.compile(r"\bas stated$"), "jak podano"),
    (re.compile(r"% a year on a baseline that has no number$"), "% rocznie od wartości bazowej, która nie jest liczbą"),
    (re.compile(r"% of a baseline that has no number$"), "% wartości bazowej, która nie jest liczbą"),
    (re.compile(r"% a year for 1 years\)$"), "% rocznie przez rok)"),
    (re.compile(r"% a year for (\d+) years\)$"), r"% rocznie, lata: \1)"),
    (re.compile(r"\bno target is stated$"), "nie podano celu"),
)


def said(how: str) -> Label:
    """What is kept of a target's reckoning, in both languages."""
    polish = how
    for pattern, words in _POLISH:
        polish = pattern.sub(words, polish)
    return Label(pl=polish, en=how)
