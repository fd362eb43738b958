"""Previews as small pages. Whatever comes from a record is escaped: nothing in a name can become a tag."""

from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from klaster_registry.reconciliation.operations import description
from klaster_registry.reconciliation.properties import PROPERTIES, SCHEMES, told
from klaster_shared.labels import Language

_SHOWN = ("acronym", "kind", "founded_on", "website", *SCHEMES)
_MOST_NAMES = 6  # more do not fit


@cache
def _template() -> Template:
    return Template(Path(__file__).with_name("preview.html").read_text(encoding="utf-8"))


def preview_page(document: Mapping[str, Any], kinds: Mapping[str, str], language: Language) -> str:
    """A whole page about an entity."""
    return _page(document["name"], preview_piece(document, kinds, language), language)


def plain_page(name: str, code: str, language: Language) -> str:
    """A whole page about what has a name and a code alone."""
    return _page(name, plain_piece(name, code), language)


def _page(title: str, body: str, language: Language) -> str:
    shown = "pl" if language == "pl" else "en"
    return _template().substitute(language=shown, name=escape(title), body=body)


def preview_piece(document: Mapping[str, Any], kinds: Mapping[str, str], language: Language) -> str:
    """What a page says about an entity, to stand in another page; its kinds by the names that `kinds` has for them."""
    others = [
        one["value"] for one in document["names"] if one["value"] != document["name"] and one["role"] != "acronym"
    ]
    lines = [
        f"<h1>{escape(document['name'])}</h1>",
        f"<p>{escape(description(document, language))}</p>",
        f"<p>{escape(' · '.join(dict.fromkeys(others[:_MOST_NAMES])))}</p>" if others else "",
        f"<dl>{''.join(_rows(document, kinds, language))}</dl>",
    ]
    return "\n".join(line for line in lines if line)


def _rows(document: Mapping[str, Any], kinds: Mapping[str, str], language: Language) -> Iterable[str]:
    for pid in _SHOWN:
        values = [str(next(iter(one.values()))).removesuffix("T00:00:00Z") for one in told(document, pid, {})]
        if pid == "kind":
            values = [kinds.get(code, code) for code in values]
        if values:
            yield f"<dt>{escape(PROPERTIES[pid].name(language))}</dt><dd>{escape(', '.join(values))}</dd>"


def plain_piece(name: str, code: str) -> str:
    """What there is to say of a type or a property."""
    return f"<p>{escape(name)} <code>{escape(code)}</code></p>"
