"""What an entity says of itself to the search. No queries here."""

from klaster_registry.entities.documents import Whole, rbw_text
from klaster_registry.search.entries import Entry


def entry_of(whole: Whole) -> Entry:
    """The entity as it can be found: its names, identifiers, number and town; its own name in each language."""
    entity = whole.entity
    official = {name.lang: name.value for name in reversed(whole.names) if name.role == "official"}
    said = [row.value for row in whole.identifiers]
    said += [text for text in (entity.city, rbw_text(entity.rbw_number)) if text]
    return Entry(
        collection="entities",
        record_id=str(entity.id),
        title_pl=official.get("pl", entity.name),
        title_en=official.get("en", entity.name),
        names=[entity.name, *(name.value for name in whole.names)],
        texts=said,
        registration=entity.registration,
        interest_group=entity.interest_group,
        country=entity.country,
        subdivision=entity.subdivision,
        fields=[row.field for row in whole.fields],
        demonstration=entity.demonstration,
    )
