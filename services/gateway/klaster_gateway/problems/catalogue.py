"""The catalogue of problem types: one file, both languages, every code that any service uses."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from klaster_shared.labels import Label

_FILE = Path(__file__).with_name("problems.yaml")


class ProblemType(BaseModel):
    """One type of problem: what it is called, what it means, what to do about it."""

    model_config = ConfigDict(extra="forbid")

    status: int
    title: Label
    meaning: Label
    remedy: Label


@cache
def problem_types() -> dict[str, ProblemType]:
    """Every problem type by its code; raises where the file is malformed."""
    return TypeAdapter(dict[str, ProblemType]).validate_python(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
