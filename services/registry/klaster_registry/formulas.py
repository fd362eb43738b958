"""Texts that a spreadsheet would take for formulas: marked where they go out, unmarked where they come in.

The mark is an apostrophe, as people type it themselves. A text that already looks marked is marked once more, so that
taking one mark off always gives back what went out.
"""

import re

# What begins a formula in the spreadsheets of today; a tab or a carriage return in front of it is passed over by some.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
MARK = "'"


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return MARK + text if _FORMULA.match(text) else text


def as_meant(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if text[:1] == MARK and _FORMULA.match(text) else text
