"""Numbers as people read them, in Polish and English."""

from decimal import ROUND_HALF_EVEN, Decimal

from klaster_indicators.document.targets import plain

_THIN = "\u00a0"  # no-break: a number is never torn apart


def number_text(value: Decimal, language: str, *, approximate: bool = False, places: int = 2) -> str:
    """A number with its thousands apart; at most `places` decimals, a comma before them in Polish."""
    whole, _, rest = plain(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    separator, point = (_THIN, ",") if language == "pl" else (",", ".")
    # Polish writes four digits together: 1234, but 12 345.
    grouped = digits if language == "pl" and len(digits) < 5 else f"{int(digits):,}".replace(",", separator)
    text = f"{sign}{grouped}{point}{rest}" if rest else f"{sign}{grouped}"
    return f"≈{_THIN}{text}" if approximate else text


def percent_text(share: Decimal, language: str) -> str:
    """A share as a percentage, to one decimal."""
    return f"{number_text(share * 100, language, places=1)}{_THIN}%"


def compact(value: float, language: str) -> str:
    """A number on an axis: as short as it is exact to two places."""
    return number_text(Decimal(str(round(value, 6))), language)
