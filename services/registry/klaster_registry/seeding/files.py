"""The demonstration data as it lies in this package."""

import json
from importlib.resources import files
from typing import Any

import yaml

FOLDER = files(__package__)


def taxonomies() -> dict[str, list[dict[str, Any]]]:
    """Codes with their labels, by collection."""
    return _yaml("taxonomies.yaml")


def demonstration() -> dict[str, list[dict[str, Any]]]:
    """Entities, laboratories, data repositories and organisations abroad."""
    return _yaml("demonstration.yaml")


def projects() -> dict[str, list[dict[str, Any]]]:
    """Projects, documents and seats on advisory bodies."""
    return _yaml("projects.yaml")


def laboratories() -> dict[str, Any]:
    """What laboratories have, emit and offer."""
    return _yaml("laboratories.yaml")


def people() -> dict[str, list[dict[str, Any]]]:
    """Invented people, with their roles and consents."""
    return _yaml("people.yaml")


def surveys() -> dict[str, Any]:
    """Surveys, and what was answered."""
    return _yaml("surveys.yaml")


def ror_records() -> dict[str, dict[str, Any]]:
    """The Polish records of the ROR sample, by their ROR id."""
    lines = (FOLDER / "ror-poland.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return {record["id"]: record for record in records}


def _yaml(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return found
