"""What the two sides of interest are told by mail: that something happened, and where to read the rest."""

from typing import Any
from uuid import UUID

from klaster_events.board.models import BoardPost
from klaster_events.board.records import words_in
from klaster_events.interests.models import Interest
from klaster_events.outbox.operations import Letter, MessageKind


def letters_on(interest: Interest, post: BoardPost, *, named: dict[UUID, dict[str, Any]]) -> list[Letter]:
    """What is to be said now that interest is in its state; nothing of demonstrations, whose people are invented."""
    if post.demonstration:
        return []
    to_owner = (post.person_id, post.contact_language, interest.entity_id)
    to_asker = (interest.person_id, interest.contact_language, post.owner_id)
    kinds: dict[str, tuple[MessageKind, list[tuple[UUID, str, UUID]]]] = {
        "shown": ("interest_shown", [to_owner]),
        "agreed": ("interest_agreed", [to_owner, to_asker]),
        "declined": ("interest_declined", [to_asker]),
        "withdrawn": ("interest_withdrawn", [to_owner]),
    }
    kind, readers = kinds[interest.state]
    title = {"pl": words_in(post.title_pl, post.title_en, "pl"), "en": words_in(post.title_pl, post.title_en, "en")}
    return [
        Letter(
            kind=kind,
            person_id=person_id,
            language=language,
            context={"interest": str(interest.id), "title": title, "entity": named[other]["name"]},
            key=f"interest:{interest.id}:{kind}:{person_id}",
        )
        for person_id, language, other in readers
    ]
