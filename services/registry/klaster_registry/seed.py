"""Loads taxonomies and demonstration data through the API: `python -m klaster_registry.seed --gateway URL`."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

import httpx

from klaster_registry.seeding.gateway import Gateway, SeedError
from klaster_registry.seeding.load import clear_demonstration, load_demonstration, load_taxonomies


def arguments() -> argparse.Namespace:
    """What the command takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gateway", required=True, help="base URL of the gateway")
    parser.add_argument(
        "--demo",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="the demonstration too, or taxonomies alone",
    )
    parser.add_argument("--clear", action="store_true", help="delete every demonstration row instead")
    return parser.parse_args()


def key() -> str:
    """The API key, from KLASTER_KEY or the file that KLASTER_KEY_FILE names."""
    if path := os.environ.get("KLASTER_KEY_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get("KLASTER_KEY", "")


async def run(client: httpx.AsyncClient, *, demonstration: bool, clear: bool) -> dict[str, int]:
    """Load or clear; how often what was done."""
    gateway = Gateway(client)
    if clear:
        await clear_demonstration(gateway)
    else:
        await load_taxonomies(gateway)
        if demonstration:
            await load_demonstration(gateway)
    return dict(gateway.done)


async def main() -> int:
    """Load or clear, and say what was done; 1 where the API refused something."""
    given = arguments()
    timeout = httpx.Timeout(30.0, connect=5.0)
    headers = {"Authorization": f"Bearer {key()}"}
    async with httpx.AsyncClient(base_url=given.gateway, headers=headers, timeout=timeout, trust_env=False) as client:
        failed = False
        done: dict[str, int] = {}
        try:
            done = await run(client, demonstration=given.demo, clear=given.clear)
        except* (SeedError, httpx.HTTPError) as refused:
            failed = True
            print(f"registry: {refused.exceptions[0]}", file=sys.stderr)
    if not failed:
        print("registry:", ", ".join(f"{count} {what}" for what, count in done.items()) or "nothing to do")
    return int(failed)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
