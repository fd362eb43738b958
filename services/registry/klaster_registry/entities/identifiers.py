"""Identifiers that others gave an organisation: whether one can be right, and how it is written. No database here."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import stdnum.eu.vat
import stdnum.isni
import stdnum.lei
import stdnum.pl.nip
import stdnum.pl.regon
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError

Verdict = Literal["valid", "invalid", "unchecked"]

MAX_LENGTH = 100
_CROCKFORD = {character: value for value, character in enumerate("0123456789abcdefghjkmnpqrstvwxyz")}
_SCHEME = re.compile(r"^[a-z][a-z0-9_]{1,19}$")


@dataclass(frozen=True, slots=True)
class Checked:
    """An identifier as it is to be written, what was found about it, and why."""

    value: str
    verdict: Verdict
    reason: str | None = None


def is_scheme(scheme: str) -> bool:
    """Whether `scheme` can name a scheme at all (`nip`, `ror`, `fundref`); unknown ones are kept unchecked."""
    return bool(_SCHEME.match(scheme))


def check(scheme: str, value: str) -> Checked:
    """The verdict on `value`, written as the scheme writes it.

    A wrong identifier is never repaired: it comes back as it was written, with blanks trimmed, and the reason.
    A scheme that we have no rule for gives `unchecked`.
    """
    written = " ".join(value.split())
    rule = RULES.get(scheme)
    if rule is None:
        return Checked(written, "unchecked", "no_rule")
    try:
        return Checked(rule(written), "valid")
    except InvalidLength:
        return Checked(written, "invalid", "length")
    except InvalidChecksum:
        return Checked(written, "invalid", "checksum")
    except InvalidFormat:
        return Checked(written, "invalid", "format")
    except ValidationError:
        return Checked(written, "invalid", "component")


def _krs(value: str) -> str:
    digits = re.sub(r"[\s-]", "", value)
    if not re.fullmatch(r"[0-9]+", digits):
        raise InvalidFormat
    if len(digits) != 10:
        raise InvalidLength
    return digits


def _ror(value: str) -> str:
    short = re.sub(r"^(https?://)?(www\.)?ror\.org/", "", value.strip().lower())
    if len(short) != 9:
        raise InvalidLength
    if short[0] != "0" or not short[7:].isdecimal() or any(character not in _CROCKFORD for character in short[:7]):
        raise InvalidFormat
    number = 0
    for character in short[:7]:
        number = number * 32 + _CROCKFORD[character]
    if f"{98 - number * 100 % 97:02d}" != short[7:]:
        raise InvalidChecksum
    return short


def _wikidata(value: str) -> str:
    short = re.sub(r"^https?://(www\.)?wikidata\.org/(wiki|entity)/", "", value.strip())
    if not re.fullmatch(r"[Qq][1-9][0-9]{0,11}", short):
        raise InvalidFormat
    return short.upper()


def _isni(value: str) -> str:
    short = re.sub(r"^https?://(www\.)?isni\.org/(isni/)?", "", value.strip())
    return str(stdnum.isni.validate(short))


def _upper(validate: Callable[[str], str]) -> Callable[[str], str]:
    return lambda value: str(validate(value)).upper()


RULES: MappingProxyType[str, Callable[[str], str]] = MappingProxyType(
    {
        "nip": lambda value: str(stdnum.pl.nip.validate(value)),
        "regon": lambda value: str(stdnum.pl.regon.validate(value)),
        "krs": _krs,
        "lei": _upper(stdnum.lei.validate),
        "isni": _isni,
        "eu_vat": _upper(stdnum.eu.vat.validate),
        "ror": _ror,
        "wikidata": _wikidata,
    }
)
"""Schemes that have a rule. What a scheme is called is data; only those whose arithmetic is public law stand here."""
