"""Regions that posts ask for: countries (ISO 3166-1) and parts of the world (UN M49), named as CLDR names them."""

from collections.abc import Collection
from functools import cache
from typing import Annotated, Any

from babel import Locale
from babel.core import get_global
from pydantic import AfterValidator, Field

from klaster_shared.labels import Language, label_text

_WORLD = "001"
# Where a country's time zones lie, as the IANA database names them: CLDR's own containment is no part of Babel.
_CONTINENTS = {"Africa": "002", "America": "019", "Asia": "142", "Europe": "150"}
_OCEANIA = frozenset({"Australia", "Pacific"})
_IN_EUROPE = frozenset({"FO", "IS", "SJ"})  # their zones name an ocean
_NO_REGION = frozenset({"EZ", "QO", "UN", "XA", "XB", "ZZ"})


def _known(code: str) -> str:
    if code in _NO_REGION or code not in _names("en"):
        raise ValueError("this is neither a country of ISO 3166-1 nor a part of the world of UN M49")
    return code


@cache
def _names(language: str) -> dict[str, str]:
    return dict(Locale(language).territories)


Region = Annotated[
    str,
    AfterValidator(_known),
    Field(
        pattern=r"^([A-Z]{2}|[0-9]{3})$",
        description="A country (ISO 3166-1), `EU`, or a part of the world (UN M49: 142 Asia, 001 all of it)",
        examples=["142"],
    ),
]


def region_label(code: str, language: Language) -> dict[str, Any]:
    """A region with its name."""
    return {"code": code, "name": label_text(_names("pl")[code], _names("en")[code], language)}


def is_abroad(regions: Collection[str], *, home: str) -> bool:
    """Whether a post looks beyond the cluster's own country."""
    return any(region != home for region in regions)


@cache
def around(code: str) -> frozenset[str]:
    """A region and the larger ones that it lies in: who asks for Asia asks for Japan too."""
    zones = {zone.partition("/")[0] for zone in get_global("territory_zones").get(code, ())}
    found = {_CONTINENTS[zone] for zone in zones if zone in _CONTINENTS}
    if code in _IN_EUROPE:
        found.add("150")
    if not found and zones & _OCEANIA:  # Hawaii and Easter Island make no Oceania of America
        found.add("009")
    return frozenset({code, _WORLD, *found})
