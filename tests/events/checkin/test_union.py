"""Devices send in any parts and order, twice, at once: the service ends in the state of the union of their scans."""

import asyncio
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from klaster_events.checkin.presence import Kind, Mark, at_door, said
from tests.events.checkin.conftest import Give, Open, Place, at

PEOPLE, DEVICES, SCANS = 5, 3, 30


def drawn(place: Place, chance: Random) -> list[dict[str, Any]]:
    """The scans of a day."""
    kinds: list[Kind] = ["entry", "exit"]
    return [
        place.scan(
            chance.randrange(PEOPLE),
            f"n{number}",
            type=chance.choice(kinds),
            datetime=at(chance.randrange(12)),
            force=chance.random() < 0.2,
        )
        for number in range(SCANS)
    ]


async def arrive(
    place: Place, devices: list[httpx.AsyncClient], scans: list[dict[str, Any]], undone: set[str], chance: Random
) -> None:
    """Let every device send its part in an order of its own, in batches and one by one, some of it again."""
    parts: list[list[dict[str, Any]]] = [[] for _ in devices]
    for scan in scans:
        parts[chance.randrange(len(devices))].append(scan)

    async def send(device: httpx.AsyncClient, part: list[dict[str, Any]], draw: Random) -> None:
        draw.shuffle(part)
        half = len(part) // 2
        if half:
            await place.batch(device, part[:half])
        for scan in part[half:]:
            await device.post(f"{place.path}/checkin/scans", json=scan)
        for scan in part:
            if scan["nonce"] in undone:
                assert (await place.undo(device, scan["nonce"])).status_code == 200
        again = draw.sample([*part, *draw.sample(scans, 3)], k=min(6, len(part) + 3))
        await place.batch(device, again)

    await asyncio.gather(
        *(send(device, part, Random(chance.random())) for device, part in zip(devices, parts, strict=True))
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
class TestUnion:
    async def test_of_what_all_devices_sent_is_what_stands(
        self, app: FastAPI, open_door: Open, give: Give, seed: int
    ) -> None:
        chance = Random(seed)
        place = await open_door(PEOPLE)
        await place.change_list(exits=True)
        devices = await give(place, DEVICES)
        scans = drawn(place, chance)
        undone = {scan["nonce"] for scan in chance.sample(scans, 5)}
        await arrive(place, devices, scans, undone, chance)
        marks: dict[str, list[Mark]] = {code: [] for code in place.codes}
        for scan in scans:
            if scan["nonce"] not in undone:
                happened_at = datetime.fromisoformat(scan["datetime"])
                marks[scan["secret"]].append(Mark(happened_at, scan["type"], scan["nonce"]))
        doors = [at_door(found) for found in marks.values()]
        came = sum(door.entered for door in doors)
        assert await place.numbers() == (came, came, sum(door.inside for door in doors))
        assert (await place.office.get(place.path)).json()["present"] == came
        await self._attendance_says(app, place, marks)

    async def _attendance_says(self, app: FastAPI, place: Place, marks: dict[str, list[Mark]]) -> None:
        async with app.state.database.read() as session:
            stored = await session.scalar(text("SELECT count(*) FROM scans"))
        assert stored == SCANS
        items = (await place.office.get(f"{place.path}/attendance")).json()["items"]
        listed = {item["registration_id"]: item for item in items}
        for code, registration in zip(place.codes, place.registrations, strict=True):
            own = UUID(place.own)
            expected = said({own: marks[code]}, sessions={own: None})
            item = listed[registration]
            assert item["present"] is (expected is not None)
            first = datetime.fromisoformat(item["first_scan_at"]) if item["first_scan_at"] else None
            assert first == (datetime.fromisoformat(expected["first"]) if expected else None)
