"""Whether services answer: their own word, `/health/ready`."""

import asyncio
import time

import httpx

from deploy.local.console import Console
from deploy.local.stack import Stack
from deploy.services import SERVICES

PATIENCE = 30.0  # seconds until the runner says who is missing; it goes on waiting


async def all_ready(stack: Stack, console: Console) -> None:
    """Return once every service is ready."""
    async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
        await asyncio.gather(*(_ready(client, stack, service, console) for service in SERVICES))


async def _ready(client: httpx.AsyncClient, stack: Stack, service: str, console: Console) -> None:
    told, began = False, time.monotonic()
    while not await _answers(client, f"{stack.url(service)}/health/ready"):
        if not told and time.monotonic() - began > PATIENCE:
            console.say(f"{service} is not ready after {PATIENCE:g} s: its lines above say why")
            told = True
        await asyncio.sleep(0.1)


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
