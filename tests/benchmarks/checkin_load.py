"""The devices of the door: what to do comes as JSON on standard input, what it took goes out as JSON.

Scans begin when their time has come, whether or not the one before was answered: a scan that has to wait is measured
from the moment at which the code was held before the device. Each device also asks for the count every second.
"""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from klaster_shared.tokens import Signer

TOKEN_SECONDS = 30.0  # tokens are good for a minute


class Device:
    """One device with a key of its own."""

    def __init__(self, told: dict[str, Any], signer: Signer, number: int) -> None:
        limits = httpx.Limits(max_keepalive_connections=20)
        self._client = httpx.AsyncClient(base_url=told["url"], limits=limits, timeout=60, trust_env=False)
        self._event = told["event"]
        self._signer = signer
        self.number = number
        self._token, self._signed_at = "", -TOKEN_SECONDS
        self._etag = ""

    def _headers(self) -> dict[str, str]:
        if time.monotonic() - self._signed_at > TOKEN_SECONDS:
            scopes = ("checkin:read", "checkin:write")
            self._token = self._signer.mint(
                audience="events", subject=f"key:{self.number}", role="device", scopes=scopes
            )
            self._signed_at = time.monotonic()
        return {"Authorization": f"Bearer {self._token}"}

    async def scan(self, code: str, due: float) -> tuple[float, bool]:
        """Milliseconds from when it was due to the answer, and whether it was accepted."""
        scan = {"list": self._event, "secret": code, "datetime": datetime.now(UTC).isoformat(), "nonce": code}
        path = f"/v1/events/{self._event}/checkin/scans"
        answer = await self._client.post(path, json=scan, headers=self._headers())
        return (time.perf_counter() - due) * 1000, answer.status_code == 200 and bool(answer.json()["accepted"])

    async def watch(self, until: asyncio.Event) -> None:
        """Ask for the count every second, as a display at the door does."""
        while not until.is_set():
            headers = {**self._headers(), "If-None-Match": self._etag}
            answer = await self._client.get(f"/v1/events/{self._event}/checkin/count", headers=headers)
            self._etag = answer.headers.get("etag", "")
            await asyncio.sleep(1)


async def run(told: dict[str, Any]) -> dict[str, Any]:
    """One at a time first, then all devices at their rate."""
    signer = Signer.from_file("gateway", Path(told["keys"]))
    devices = [Device(told, signer, number) for number in range(told["devices"])]
    codes: list[str] = told["codes"]
    single, crowd = codes[: told["single"]], codes[told["single"] :]
    alone = [await devices[0].scan(code, time.perf_counter()) for code in single]
    known = alone[len(alone) // 4 :]  # connections open, statements known
    done = asyncio.Event()
    watching = [asyncio.create_task(device.watch(done)) for device in devices]
    began = time.perf_counter()
    waiting = []
    for number, code in enumerate(crowd):
        due = began + number / told["per_second"]
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        waiting.append(asyncio.create_task(devices[number % len(devices)].scan(code, due)))
    answers = await asyncio.gather(*waiting)
    done.set()
    await asyncio.gather(*watching)
    taken = sorted(ms for ms, _ in answers)
    return {
        "single_ms": median(ms for ms, _ in known),
        "p50_ms": taken[len(taken) // 2],
        "p99_ms": taken[len(taken) * 99 // 100],
        "max_ms": taken[-1],
        "scans": len(taken),
        "refused": sum(not accepted for _, accepted in [*alone, *answers]),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.load(sys.stdin)))))
