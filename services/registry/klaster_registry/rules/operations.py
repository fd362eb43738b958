"""Reporting on rules: rows that break one are counted with the very query that lists them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.figures.operations import COUNTABLE as COUNTED_BY_FIGURES
from klaster_registry.groups.operations import count_groups, list_groups, members_by_group
from klaster_registry.groups.schemas import TopicGroupListParameters
from klaster_registry.projects.operations import projects_by_group
from klaster_registry.rules.definitions import RuleDefinition, load_rules
from klaster_shared.errors import Invalid
from klaster_shared.figure_routes import Calendar, Countable
from klaster_shared.figures import Counted, Span, parameters_of, row_parameters
from klaster_shared.labels import Label, Language, label_text

_MOST_GROUPS = 500  # more special interest groups than any cluster has
_NOTHING = Counted(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The day that a report is about, the day it is, and the language of its texts."""

    day: date
    calendar: Calendar
    language: Language


async def _groups(
    session: AsyncSession, _aggregate: str, asked: TopicGroupListParameters, calendar: Calendar
) -> Counted:
    return Counted(Decimal(await count_groups(session, taxonomy="groups", parameters=asked, today=calendar.today)))


COUNTABLE: Mapping[str, Countable] = MappingProxyType(
    {**COUNTED_BY_FIGURES, "/v1/groups": Countable(TopicGroupListParameters, _groups)}
)
RULES = load_rules(Path(__file__).with_name("rules.yaml"), COUNTABLE)


def chosen_rules(codes: Sequence[str]) -> list[RuleDefinition]:
    """The rules of these codes, all where none is asked for; raises Invalid on a code that there is not."""
    for code in codes:
        if code not in RULES:
            raise Invalid.field("query/code", "unknown_rule", f"There is no rule {code}")
    return [RULES[code] for code in dict.fromkeys(codes)] if codes else list(RULES.values())


async def report(session: AsyncSession, *, rule: RuleDefinition, asked: Asked) -> dict[str, Any]:
    """How a rule is kept, and how many rows break it on the day, with the list of exactly these."""
    rows, counted = await _breaking(session, rule, asked)
    reason = counted.reason or rule.unavailable
    return {
        "code": rule.code,
        "origin": rule.origin,
        "how": rule.how,
        "rule": _text(rule.rule, asked.language),
        "explanation": _text(rule.explanation, asked.language),
        "as_of": asked.day,
        "breaking": None if counted.value is None else int(counted.value),
        "rows": rows,
        "demonstration": None if counted.value is None else counted.demonstration,
        "reason": _text(reason, asked.language) if reason else None,
        "groups": await _activity(session, asked) if rule.groups else None,
        "see": rule.see,
    }


async def _breaking(session: AsyncSession, rule: RuleDefinition, asked: Asked) -> tuple[str | None, Counted]:
    figure = rule.figure()
    if figure is None or figure.collection is None:
        return None, _NOTHING
    raw = row_parameters(figure, Span(asked.day, asked.day))
    rows = f"{figure.collection}?{urlencode(raw, doseq=True)}"
    if figure.unavailable is not None:
        return rows, _NOTHING
    countable = COUNTABLE[figure.collection]
    return rows, await countable.count(session, "count", parameters_of(raw, countable.parameters), asked.calendar)


async def _activity(session: AsyncSession, asked: Asked) -> list[dict[str, Any]]:
    """What every special interest group does on the day; whether that is active, people say."""
    parameters = TopicGroupListParameters(retired=False, limit=_MOST_GROUPS)
    groups = await list_groups(session, taxonomy="groups", parameters=parameters, today=asked.calendar.today)
    members = await members_by_group(session, day=asked.day)
    projects = await projects_by_group(session, day=asked.day)
    day = asked.day.isoformat()
    return [
        {
            "code": group.code,
            "name": label_text(group.name_pl, group.name_en, asked.language),
            "members": members.get(group.code, 0),
            "projects": projects.get(group.code, 0),
            "members_rows": f"/v1/entities?{urlencode({'group': group.code, 'as_of': day})}",
            "projects_rows": f"/v1/projects?{urlencode({'group': group.code, 'running': 'true', 'as_of': day})}",
        }
        for group in groups
    ]


def _text(label: Label, language: Language) -> str | dict[str, str]:
    return label_text(label.pl, label.en, language)
