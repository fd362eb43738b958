"""How often: one quota per caller and kind, in memory, or counted by `limits` in a store that replicas share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from math import ceil
from time import monotonic, time

import structlog
from limits import parse
from limits.aio.storage import Storage
from limits.storage import storage_from_string

from klaster_gateway.caller import ANONYMOUS, Caller
from klaster_gateway.forwarding.table import Operation
from klaster_gateway.limits.errors import RateExceeded
from klaster_gateway.limits.windows import Windows

SAFE = frozenset({"GET", "HEAD"})
_KEYS = 10_000  # callers whose key in the store is remembered: writing it costs more than counting
STORE_AWAY = 5.0  # seconds for which a shared store that failed is not asked again
Headers = list[tuple[bytes, bytes]]
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Quota:
    """So much in so long, under a name that callers are told."""

    name: str
    amount: int
    seconds: int
    label: bytes
    policy: bytes
    key: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a request was counted under, for what it turns out to cost beyond that, and for those like it."""

    quota: Quota
    who: str
    cost: int
    headers: Headers


class Rates:
    """Counts requests. A store that is away costs fairness between replicas, never an answer."""

    def __init__(self, quotas: Mapping[str, str], *, store: str = "") -> None:
        self._quotas = {name: _quota(name, text) for name, text in quotas.items()}
        self._local = Windows()
        self._shared = _shared(store) if store else None
        self._away_until = 0.0

    async def take(self, caller: Caller, address: str, method: str, operation: Operation | None) -> Taken:
        """Count a request; raises RateExceeded, which says when to come back."""
        quota = self._quotas[self._kind(caller, method, operation)]
        who = address if caller is ANONYMOUS else caller.subject
        cost = operation.cost if operation is not None else 1
        allowed, headers, wait = await self._count(quota, who, cost)
        if not allowed:
            told = {name.decode(): value.decode() for name, value in headers}
            detail = f"{quota.amount} in {quota.seconds} s is what {quota.name} may ask"
            raise RateExceeded(detail, headers={**told, "Retry-After": str(wait)})
        return Taken(quota, who, cost, headers)

    async def charge(self, taken: Taken, more: int) -> None:
        """Count what a request cost beyond what was known of it: a batch costs what it contains."""
        await self._count(taken.quota, taken.who, more)

    def take_another(self, taken: Taken) -> bytes | None:
        """Count one more like that one, at once, and say what is left.

        None, and nothing is counted, where only the ordinary way can say it: where replicas count together, or where
        there is nothing left.
        """
        if self._shared is not None:
            return None
        quota = taken.quota
        found = self._local.count(quota.name, taken.who, cost=taken.cost, seconds=quota.seconds, most=quota.amount)
        return _left(quota, *found) if found is not None else None

    def _kind(self, caller: Caller, method: str, operation: Operation | None) -> str:
        if caller.role != "anonymous":
            return caller.role
        bucket = operation.bucket if operation is not None else None
        if bucket in self._quotas:
            return str(bucket)
        return "anonymous" if method in SAFE else "anonymous_write"

    async def _count(self, quota: Quota, who: str, cost: int) -> tuple[bool, Headers, int]:
        if self._shared is not None and monotonic() >= self._away_until:
            try:
                return await _hit(self._shared, quota, who, cost)
            except Exception as error:  # whatever it is: this process counts by itself for a while
                log.warning("limits_store_away", error=f"{type(error).__name__}: {error}")
                self._away_until = monotonic() + STORE_AWAY
        found = self._local.count(quota.name, who, cost=cost, seconds=quota.seconds)
        assert found is not None
        taken, wait = found
        return taken <= quota.amount, _headers(quota, taken, wait), wait


async def _hit(storage: Storage, quota: Quota, who: str, cost: int) -> tuple[bool, Headers, int]:
    """A fixed window, as the library's strategy counts it, which asks its storage once more to say what is left."""
    key = quota.key(who)
    taken = await storage.incr(key, quota.seconds, amount=cost)
    wait = max(1, ceil(await storage.get_expiry(key) - time()))
    return taken <= quota.amount, _headers(quota, taken, wait), wait


def _headers(quota: Quota, taken: int, wait: int) -> Headers:
    return [(b"ratelimit-policy", quota.policy), (b"ratelimit", _left(quota, taken, wait))]


def _left(quota: Quota, taken: int, wait: int) -> bytes:
    return b"%br=%d;t=%d" % (quota.label, max(0, quota.amount - taken), wait)


def _quota(name: str, text: str) -> Quota:
    item = parse(text)
    amount, seconds, label = item.amount, item.get_expiry(), f'"{name}";'
    policy = f"{label}q={amount};w={seconds}".encode()
    return Quota(name, amount, seconds, label.encode(), policy, lru_cache(_KEYS)(partial(item.key_for, name)))


def _shared(store: str) -> Storage:
    storage = storage_from_string(f"async+{store}", implementation="redispy")
    assert isinstance(storage, Storage)
    return storage
