"""Words of messages: one file of both languages, laid out as plain text and as HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from pydantic import BaseModel, ConfigDict, TypeAdapter

_FOLDER = Path(__file__).parent
Spoken = Literal["pl", "en"]


class Both(BaseModel):
    """A text in both languages."""

    model_config = ConfigDict(extra="forbid")

    pl: str
    en: str


class Wording(BaseModel):
    """The words of one kind of message."""

    model_config = ConfigDict(extra="forbid")

    subject: Both
    text: Both
    button: Both | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A line of the table of facts."""

    label: str
    text: str
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What surrounds the words of a message."""

    greeting: str
    facts: Sequence[Fact]
    link: str | None
    foot: str
    picture: str | None
    picture_text: str


@dataclass(frozen=True, slots=True)
class Written:
    """A message in words."""

    subject: str
    text: str
    html: str


@cache
def wordings() -> dict[str, Wording]:
    """The words of every kind; raises where the file is malformed."""
    text = (_FOLDER / "wording.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Wording]).validate_python(yaml.safe_load(text))


def write(kind: str, language: Spoken, *, known: Mapping[str, Any], page: Page) -> Written:
    """Put a message into words. Values are inserted as text and escaped where they become HTML."""
    wording = wordings()[kind]
    subject = one_line(_plain(getattr(wording.subject, language), known))
    paragraphs = [
        " ".join(part.split()) for part in _plain(getattr(wording.text, language), known).split("\n\n") if part.strip()
    ]
    button = _plain(getattr(wording.button, language), known) if wording.button and page.link else None
    content = {
        "language": language,
        "subject": subject,
        "paragraphs": paragraphs,
        "button": button,
        "greeting": page.greeting,
        "facts": page.facts,
        "link": page.link,
        "foot": page.foot,
        "picture": page.picture,
        "picture_text": page.picture_text,
    }
    return Written(subject, _layout("layout.txt").render(content), _layout("layout.html").render(content))


def one_line(text: str) -> str:
    """Text as a header may hold it: whoever writes a line break into a name must not write a header."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _plain(template: str, known: Mapping[str, Any]) -> str:
    return _compiled(template).render(known)


@cache
def _compiled(template: str) -> Template:
    # Plain text: escaping comes with the layout that it is put into.
    return Environment(autoescape=False, undefined=StrictUndefined).from_string(template)  # noqa: S701


@cache
def _layout(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
