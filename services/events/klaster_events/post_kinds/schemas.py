"""Wire shapes of kinds of posts."""

from typing import Any

from pydantic import ConfigDict

from klaster_events.kinds.schemas import KindCreate, KindListParameters, KindRead, KindUpdate

_KIND: dict[str, Any] = {
    "code": "laboratory",
    "name": {"pl": "Laboratorium", "en": "Laboratory"},
    "counts_as": ["cooperation_offer"],
}


class PostKindCreate(KindCreate):
    """A new kind of post."""

    model_config = ConfigDict(json_schema_extra={"examples": [_KIND]})


class PostKindUpdate(KindUpdate):
    """A change (JSON Merge Patch); the code itself stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"counts_as": _KIND["counts_as"]}]})


class PostKindRead(KindRead):
    """A kind of post."""


class PostKindListParameters(KindListParameters):
    """Filters of kinds of posts."""
