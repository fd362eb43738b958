"""From a path's facts to what goes over the wire."""

from typing import Any

from klaster_indicators.framework.operations import label_of
from klaster_indicators.indicators.reads import indicator_read
from klaster_indicators.indicators.schemas import IndicatorRead
from klaster_indicators.paths.operations import PathFacts
from klaster_indicators.paths.schemas import EffectRead, PathPage, PathRead, ProgrammeRead, TaskRead, VisionRead
from klaster_shared.labels import Language


def path_read(path: Any, language: Language) -> PathRead:
    """A path with its vision."""
    return PathRead(
        number=path.number,
        code=path.code,
        name=label_of(path, language),
        vision=VisionRead(code=path.vision_code, text=label_of(path, language, "vision")),
    )


def path_page(facts: PathFacts, language: Language) -> PathPage:
    """A path with everything on it."""
    reads = [indicator_read(item, facts.framework, language) for item in facts.indicators]
    return PathPage(
        **path_read(facts.path, language).model_dump(),
        edition=facts.framework.edition.code,
        effects=_effects(facts, language),
        indicators=[read for read in reads if read.programme is None],
        programmes=_programmes(facts, reads, language),
        tasks=[_task(task, language) for task in facts.tasks],
    )


def _effects(facts: PathFacts, language: Language) -> list[EffectRead]:
    return [
        EffectRead(
            code=effect.code,
            printed_code=effect.printed_code,
            name=label_of(effect, language),
            note=effect.note,
            indicators=[item.definition.code for item in facts.indicators if effect.code in item.effects],
        )
        for effect in facts.framework.effects
        if effect.path == facts.path.number
    ]


def _programmes(facts: PathFacts, reads: list[IndicatorRead], language: Language) -> list[ProgrammeRead]:
    return [
        ProgrammeRead(
            code=programme.code,
            name=label_of(programme, language),
            note=programme.note,
            goals=[read for read in reads if read.programme is not None and read.programme.code == programme.code],
        )
        for programme in facts.framework.programmes
        if programme.path == facts.path.number
    ]


def _task(task: Any, language: Language) -> TaskRead:
    return TaskRead(code=task.code, kind=task.kind, name=label_of(task, language), path_is_reading=task.path_is_reading)
