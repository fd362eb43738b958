"""First answers are kept for a day, and no longer."""

from datetime import timedelta

import httpx
from fastapi import FastAPI
from sqlalchemy import func, select, update

from klaster_registry.database import METADATA
from klaster_registry.housekeeping import FORGET_ANSWERS, housekeeping_jobs
from klaster_shared.dates import utc_now

ANSWERS = METADATA.tables["idempotency_keys"]


class TestForgetAnswers:
    async def test_deletes_those_of_yesterday_alone(self, app: FastAPI, api: httpx.AsyncClient) -> None:
        for key in ("old", "new"):
            body = {"names": [{"value": key}]}
            await api.post("/v1/entities", json=body, headers={"Idempotency-Key": key})
        database = app.state.database
        jobs = housekeeping_jobs(database)
        async with database.write() as session:
            oldest = select(func.min(ANSWERS.c.stored_at)).scalar_subquery()
            aged = update(ANSWERS).where(ANSWERS.c.stored_at == oldest)
            await session.execute(aged.values(stored_at=utc_now() - timedelta(hours=25)))
            await jobs.enqueue(session, kind=FORGET_ANSWERS)

        assert await jobs.run_next()

        async with database.read() as session:
            assert await session.scalar(select(func.count()).select_from(ANSWERS)) == 1
