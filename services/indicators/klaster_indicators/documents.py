"""Answers that are documents, not records: what the contract says of them."""

from collections.abc import Iterable
from typing import Any


def answers_with(media_types: Iterable[str], description: str, declared: dict[str, Any]) -> dict[str, Any]:
    """An operation's declaration whose good answer is of these media types, and whose problems stay problems.

    A response class of its own would be named for the problems too.
    """
    content = {media: {"schema": {"type": "string"}} for media in media_types}
    good = {200: {"description": description, "content": content}}
    return {**declared, "responses": {**declared["responses"], **good}}
