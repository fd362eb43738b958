"""A first schedule: the wishes that have the fewest slots first, each in the slot where it takes least from others."""

from collections.abc import Sequence

from klaster_events.scheduling.board import NOWHERE, Board
from klaster_events.scheduling.problem import slots_in


def fill(board: Board, worth: Sequence[int]) -> None:
    """Put whatever can be put without moving anything: the worthiest first, among equals who has least choice."""
    waiting = [number for number, slot in enumerate(board.slot_of) if slot == NOWHERE and board.common[number]]
    waiting.sort(key=lambda number: (-worth[number], board.common[number].bit_count(), number))
    tables = board.forum.tables
    for number in waiting:
        best, most = NOWHERE, None
        for slot in slots_in(board.open_slots(number)):
            room = tables[slot] - len(board.seated[slot])
            if most is None or room > most:
                best, most = slot, room
        if best != NOWHERE:
            board.put(number, best)
