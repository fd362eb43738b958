"""Brings the strategy in through the API: `python -m klaster_indicators.seed --gateway URL`.

A client like any other: what it sends could be sent by hand. Sending the same strategy again changes nothing.
"""

import argparse
import asyncio
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from klaster_indicators.demonstration import loading
from klaster_indicators.document.reading import MalformedStrategy, read_strategy
from klaster_indicators.strategy import STRATEGY_FILE
from klaster_indicators.strategy.operations import canonical
from klaster_shared.seeding import Gateway, SeedError, key_from_environment, seed_arguments

REFRESH_SECONDS = 120.0  # a first refresh counts some forty figures on seven days, and takes a few seconds
PAUSE = 0.2
_ENDED = {"succeeded", "failed", "cancelled"}


def arguments() -> argparse.Namespace:
    """What the command takes; the demonstration is the action plans and the review, never the strategy."""
    parser = seed_arguments(__doc__)
    parser.add_argument("--file", type=Path, default=STRATEGY_FILE, help="a strategy file; the 2022 edition by default")
    parser.add_argument("--refresh-only", action="store_true", help="pull live figures, and wait until they are there")
    return parser.parse_args()


async def bring_in(client: httpx.AsyncClient, file: Path) -> str:
    """Send a strategy file; what that did. Raises MalformedStrategy, SeedError."""
    document = read_strategy(file)
    path = f"/v1/strategy/editions/{document.edition.code}"
    headers = {"Content-Type": "application/json"}
    answer = _accepted(await client.put(path, content=canonical(document), headers=headers))
    return f"{document.edition.code} {'taken in' if answer.status_code == 201 else 'unchanged'}"


async def refresh(client: httpx.AsyncClient) -> str:
    """Pull live figures and wait for it; what came of it. Raises SeedError where a source could not be asked."""
    return await _ended(client, _accepted(await client.post("/v1/indicators/refresh")))


async def demonstrate(client: httpx.AsyncClient) -> str:
    """Add the demonstration's action plans and its review, where they are not there; what was added."""
    gateway = Gateway(client)
    await loading.load(gateway)
    return _done(gateway)


def _done(gateway: Gateway) -> str:
    return ", ".join(f"{count} {what}" for what, count in gateway.done.items()) or "no demonstration rows to do"


async def clear(client: httpx.AsyncClient) -> str:
    """Delete demonstration rows, withdraw what rests on them and count anew; what came of it. Raises SeedError."""
    gateway = Gateway(client)
    await loading.clear(gateway)
    return f"{_done(gateway)}; {await _withdraw(client)}"


async def _withdraw(client: httpx.AsyncClient) -> str:
    answer = _accepted(await client.post("/v1/indicators/demonstration/clear"))
    return f"{answer.json()['withdrawn']} observations withdrawn; {await _ended(client, answer)}"


async def _ended(client: httpx.AsyncClient, started: httpx.Response) -> str:
    until = time.monotonic() + REFRESH_SECONDS
    while time.monotonic() < until:
        job = _accepted(await client.get(started.headers["Location"])).json()
        if job["state"] in _ENDED:
            return _said(job)
        await asyncio.sleep(PAUSE)
    raise SeedError("the refresh did not end in time")


def _said(job: dict[str, Any]) -> str:
    if job["state"] != "succeeded":
        raise SeedError(f"the refresh {job['state']}: {(job['problem'] or {}).get('detail', 'no reason given')}")
    away = [f"{source}: {said}" for source, said in job["result"]["sources"].items() if said != "ok"]
    if away:
        raise SeedError("; ".join(away))
    return ", ".join(f"{job['result'][what]} {what}" for what in ("created", "restated", "unchanged", "withdrawn"))


def _accepted(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    try:
        problem = answer.json()
        detail = "; ".join([problem["detail"], *(f"{e['pointer']}: {e['detail']}" for e in problem["errors"])])
    except (ValueError, KeyError, TypeError):
        detail = answer.text[:200]
    raise SeedError(f"{answer.request.method} {answer.request.url.path}: {answer.status_code}: {detail}")


async def run(client: httpx.AsyncClient, given: argparse.Namespace) -> str:
    """Do what the command line asks for; one sentence on what came of it."""
    if given.clear:
        return await clear(client)
    if given.refresh_only:
        return await refresh(client)
    said = await bring_in(client, given.file)
    # The demonstration's tasks and goals are those of the edition that comes with the service.
    return f"{said}; {await demonstrate(client)}" if given.demo and given.file == STRATEGY_FILE else said


async def main() -> int:
    """Do it and say so; 1 where it could not be done, 2 where the file cannot be accepted."""
    given = arguments()
    headers = {"Authorization": f"Bearer {key_from_environment()}"}
    timeout = httpx.Timeout(60.0, connect=5.0)
    async with httpx.AsyncClient(base_url=given.gateway, headers=headers, timeout=timeout, trust_env=False) as client:
        try:
            print(f"indicators: {await run(client, given)}")
        except MalformedStrategy as malformed:
            print(malformed, file=sys.stderr)
            return 2
        except (SeedError, httpx.HTTPError) as error:
            print(f"indicators: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
