"""People who read and write all the time, and what became of each of their requests."""

import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self
from uuid import uuid4

import httpx

READS = ("/v1/entities?limit=5", "/v1/scorecard", "/v1/events?limit=5")
PATIENCE = 40.0  # seconds a client waits; the gateway gives up before
PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: when, what, how it ended, how long it took."""

    at: float
    what: str
    ended: str
    seconds: float

    @property
    def failed(self) -> bool:
        """Whether somebody went without."""
        return self.ended not in ("200", "201")


@dataclass
class Load:
    """Three who read, one list each, and two who write, with a key; one request after the other."""

    url: str
    key: str
    verify: bool = True  # the certificate; an authority of the trial's own is known to nobody
    pause: float = PAUSE  # seconds between the requests of one of them
    asked: list[Asked] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        readers = [threading.Thread(target=self._read, args=(path,)) for path in READS]
        self._threads = [*readers, *(threading.Thread(target=self._write) for _ in range(2))]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def since(self, moment: float) -> list[Asked]:
        """What was asked from then on."""
        return [each for each in self.asked if each.at >= moment]

    def is_well(self, seconds: float) -> bool:
        """Whether every list was read and something was written, and nothing failed, in the last seconds."""
        lately = [each for each in self.asked if each.at + each.seconds >= time.monotonic() - seconds]
        return len({each.what for each in lately}) == len(READS) + 1 and not any(each.failed for each in lately)

    def lost(self) -> list[str]:
        """Ids of acknowledged writes that are not there."""
        with self._client() as client:
            return [each for each in self.acknowledged if client.get(f"/v1/entities/{each}").status_code != 200]

    def _client(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE, trust_env=False, verify=self.verify)

    def _read(self, path: str) -> None:
        with self._client() as client:
            while not self._stop.wait(self.pause):
                self._ask(client, path)

    def _write(self) -> None:
        with self._client() as client:
            while not self._stop.wait(self.pause):
                answer = self._ask(client, "write")
                if answer is not None and answer.status_code == 201:
                    self.acknowledged.append(answer.json()["id"])

    def _ask(self, client: httpx.Client, what: str) -> httpx.Response | None:
        began, ended, answer = time.monotonic(), "cut off", None
        with suppress(httpx.HTTPError):
            if what == "write":
                key = {"Idempotency-Key": uuid4().hex}
                answer = client.post("/v1/entities", json={"names": [{"value": "Zakład Ciągłości"}]}, headers=key)
            else:
                answer = client.get(what)
            ended = str(answer.status_code)
            if answer.status_code >= 400 and answer.headers.get("content-type") != "application/problem+json":
                ended += " without a problem"
        self.asked.append(Asked(began, what, ended, time.monotonic() - began))
        return answer


def endings(asked: list[Asked]) -> str:
    """How those that failed ended, in words."""
    counts = Counter(each.ended for each in asked if each.failed)
    return ", ".join(f"{count} x {ended}" for ended, count in counts.most_common()) or "none"
