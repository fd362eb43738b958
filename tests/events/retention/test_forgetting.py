"""Personal data goes when nothing needs it any more."""

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from klaster_events.retention.operations import forget_in_batches
from tests.events.conftest import Add, ada


class TestForget:
    async def test_erases_people_whom_no_event_needs_and_no_other(
        self, app: FastAPI, office: httpx.AsyncClient, anybody: httpx.AsyncClient, add: Add
    ) -> None:
        paths = [f"/v1/events/{(await add(demonstration=True))['id']}" for _ in range(2)]
        for number, path in ((1, paths[0]), (2, paths[0]), (2, paths[1])):
            await anybody.post(f"{path}/registrations", json=ada(number))
        assert await forget_in_batches(app.state.database) == 0
        await office.delete(paths[0], headers={"If-Match": "*"})
        assert await forget_in_batches(app.state.database) == 1
        async with app.state.database.read() as session:
            left = (await session.scalars(text("SELECT email FROM people"))).all()
        assert left == ["ada2@example.org"]
