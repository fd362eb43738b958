"""The demonstration's meetings: requests among the forum's participants, some agreed, and a plan of those."""

from klaster_shared.seeding import Gateway

_PAIRS = ((0, 1), (0, 2), (1, 2), (3, 2), (8, 9), (8, 1), (6, 7), (5, 9))  # asker and asked, by their place in the list
_MESSAGES = (
    "Chętnie pokażemy, nad czym pracujemy.",
    "Szukamy kogoś, kto sprawdzi to w praktyce.",
    "Let us see whether our work fits together.",
)
_DECLINED, _UNANSWERED = 6, 7  # of the pairs; the others agree
_SECONDS = {"seconds": 1, "bound_seconds": 1}


async def load_meetings(gateway: Gateway, path: str) -> None:
    """Add them to an edition that has none, as the rules of the edition let them."""
    if await gateway.every(f"{path}/meetings"):
        return
    people = await gateway.every(f"{path}/participants")
    for number, (asker, asked) in enumerate(_PAIRS):
        said = {
            "asked_by": people[asker]["id"],
            "asked": people[asked]["id"],
            "message": _MESSAGES[number % len(_MESSAGES)],
            "priority": 1 + number % 3,
        }
        meeting = await gateway.post(f"{path}/meetings", said, counted="meetings asked for")
        if number != _UNANSWERED:
            step = "decline" if number == _DECLINED else "accept"
            await gateway.take_step(f"/v1/lsos/meetings/{meeting['id']}/{step}", counted="meetings answered")
    await gateway.post(f"{path}/plans", _SECONDS, counted="plans asked for")
