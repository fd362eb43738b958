"""Words as they are compared: without endings, above all the Polish ones. No queries here."""

from functools import lru_cache

_SHORTEST = 4  # letters of a stem: what is shorter means too many things
# The endings of Polish cases, and of plurals elsewhere; the longest that leaves a stem goes. Both sides lose theirs,
# so that it need not be right, only the same for all forms of one word.
_ENDINGS = (
    "iego", "iemu", "iami", "iach",
    "ego", "emu", "ymi", "imi", "iej", "ych", "ich", "ami", "ach", "iem",
    "ej", "om", "em", "ia", "ie", "iu", "ii", "io", "ym", "im", "es",
    "a", "e", "i", "o", "u", "y", "s",
)  # fmt: skip
_BEFORE_SOFTENED = str.maketrans("c", "k")  # politechnika, politechnice


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The word without its ending: `uniwersytetu` and `uniwersytet` are one."""
    if len(word) <= _SHORTEST or not word.isalpha():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            cut = word[: -len(ending)]
            return cut[:-1] + cut[-1].translate(_BEFORE_SOFTENED) if cut[-1] == "c" else cut
    return word
