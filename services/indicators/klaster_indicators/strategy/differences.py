"""What changed from one edition to another; pure: two documents in, differences out."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.document.values import Measure
from klaster_indicators.indicators.definitions import Placed, Years, placed, resolved_target, years_of
from klaster_shared.decimals import as_number

Change = Literal["appeared", "gone", "moved", "retargeted", "reworded", "redefined"]
Facts = dict[str, Any]

_LISTS = {
    "interest_groups": "interest_group",
    "fields": "field",
    "special_interest_groups": "special_interest_group",
    "rules": "rule",
    "networks_and_programmes": "network",
    "levels": "level",
    "paths": "path",
    "effects": "effect",
    "effect_indicators": "indicator",
    "programmes": "programme",
    "goals": "goal",
    "tasks": "task",
    "horizontal_tasks": "horizontal_task",
    "partner_benefits": "partner_benefit",
}
_PLACES = frozenset({"n", "path", "programme", "effects"})
_WORDS = frozenset({"name", "title", "mission", "vision", "text", "indicators"})
_ELSEWHERE = frozenset({"code", "goals", "measures", "target"})  # told on their own, or never changed


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed in one part: of each field that changed, what it was and what it is."""

    change: Change
    part: str
    code: str
    name: Any
    fields: Sequence[tuple[str, Any, Any]] = ()


@dataclass(frozen=True, slots=True)
class _Item:
    """A part of a document: where it stands, what it is called, what else it says, what it is to reach."""

    part: str
    code: str
    within: str
    place: Facts
    words: Facts
    facts: Facts
    target: Facts | None = field(default=None)

    @property
    def key(self) -> tuple[str, str]:
        return self.part, self.code

    @property
    def name(self) -> Any:
        return self.words.get("name") or self.words.get("text") or self.words.get("title")


def differences(old: StrategyDocument, new: StrategyDocument) -> list[Difference]:
    """What went, then what appeared or changed, in the order of the documents.

    Parts are the same where kind and code are: a code is for ever. A part that stands in another place among those that
    both have has moved; those around it have not. A target is another where what it resolves to is, or the year.
    """
    before = {item.key: item for item in _items(old)}
    after = {item.key: item for item in _items(new)}
    positions = _moved(before, after)
    found = [Difference("gone", item.part, item.code, item.name) for key, item in before.items() if key not in after]
    for key, item in after.items():
        if key in before:
            found += _between(before[key], item, positions.get(key))
        else:
            found.append(Difference("appeared", item.part, item.code, item.name))
    return found


def _between(old: _Item, new: _Item, position: tuple[int, int] | None) -> Iterator[Difference]:
    moved = _changed(old.place, new.place)
    if position is not None:
        moved.append(("position", *position))
    changes: dict[Change, list[tuple[str, Any, Any]]] = {
        "moved": moved,
        "retargeted": [("target", old.target, new.target)] if old.target != new.target else [],
        "reworded": _changed(old.words, new.words),
        "redefined": _changed(old.facts, new.facts),
    }
    for change, fields in changes.items():
        if fields:
            yield Difference(change, new.part, new.code, new.name, fields)


def _changed(old: Facts, new: Facts) -> list[tuple[str, Any, Any]]:
    names = [*old, *(name for name in new if name not in old)]
    return [(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def _moved(before: Mapping[Any, _Item], after: Mapping[Any, _Item]) -> dict[Any, tuple[int, int]]:
    """Those that stand in another order among what both have, as few as can be: place before and after, from 1."""
    old, new = _sequences(before), _sequences(after)
    found: dict[Any, tuple[int, int]] = {}
    for within, keys in new.items():
        was = {key: place for place, key in enumerate(old.get(within, ()), 1)}
        common = [(key, place) for place, key in enumerate(keys, 1) if key in was]
        kept = _longest_rise([was[key] for key, _ in common])
        found |= {key: (was[key], place) for index, (key, place) in enumerate(common) if index not in kept}
    return found


def _sequences(items: Mapping[Any, _Item]) -> dict[tuple[str, str], list[Any]]:
    found: dict[tuple[str, str], list[Any]] = {}
    for key, item in items.items():
        found.setdefault((item.part, item.within), []).append(key)
    return found


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """The places of a longest rising run, gaps allowed: whoever is in it has stayed where it was."""
    ends: list[int] = []
    chain: list[tuple[int, int | None]] = []  # of every place: its number's rank, and the place before it in its run
    at: list[int] = []
    for place, number in enumerate(numbers):
        rank = bisect_left(ends, number)
        before = at[rank - 1] if rank else None
        chain.append((rank, before))
        ends[rank : rank + 1] = [number]
        at[rank : rank + 1] = [place]
    kept: set[int] = set()
    place_now: int | None = at[-1] if at else None
    while place_now is not None:
        kept.add(place_now)
        place_now = chain[place_now][1]
    return kept


def _items(document: StrategyDocument) -> Iterator[_Item]:
    raw = document.model_dump(mode="json", by_alias=True, exclude_unset=True)
    head = {name: value for name, value in raw["edition"].items() if name not in {"adopted", "collected_on"}}
    yield _item("edition", "edition", head)
    for name in ("organisation", "verification_links"):
        facts = raw.get(name)
        yield _Item("section", name, "", {}, {}, facts if isinstance(facts, dict) else {"items": facts or []})
    for name, part in _LISTS.items():
        for item in raw.get(name, ()):
            yield _item(part, item["code"], item)
            if part == "programme":
                yield from (
                    _item("goal", goal["code"], {**goal, "programme": item["code"]}, within=item["code"])
                    for goal in item["goals"]
                )
    years = years_of(document)
    for place in placed(document):
        yield from (_measure(place, measure, years) for measure in place.item.measures)


def _item(part: str, code: str, stated: Facts, *, within: str = "") -> _Item:
    said = {name: value for name, value in stated.items() if name not in _ELSEWHERE}
    if "pl" in said:
        said["text"] = {"pl": said.pop("pl"), "en": said.pop("en")}
    return _Item(
        part,
        code,
        within,
        {name: value for name, value in said.items() if name in _PLACES},
        {name: value for name, value in said.items() if name in _WORDS},
        {name: value for name, value in said.items() if name not in _PLACES | _WORDS},
    )


def _measure(place: Placed, measure: Measure, years: Years) -> _Item:
    code = place.item.code
    stated = measure.model_dump(mode="json", by_alias=True, exclude_unset=True)
    facts = {name: value for name, value in stated.items() if name not in _ELSEWHERE}
    return _Item("measure", f"{code}/{measure.code}", code, {}, {}, facts, _target(place, measure, years))


def _target(place: Placed, measure: Measure, years: Years) -> Facts | None:
    stated = measure.target
    if stated is None:
        return None
    resolved = resolved_target(place, measure, stated, years)
    said = stated.model_dump(mode="json", exclude_none=True, exclude={"resolves_to"})
    number = None if resolved.value is None else as_number(resolved.value)
    return {**said, "resolves_to": number, "how": resolved.how, "year": years.target}
