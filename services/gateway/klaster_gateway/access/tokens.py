"""Internal tokens for callers: one per caller, service and scope, used again until shortly before it ends."""

import time
from functools import cached_property
from pathlib import Path

from klaster_gateway.caller import Caller
from klaster_shared.tokens import LIFETIME, Signer

# A signature costs more than a whole lean request; a token leaves here with at least this much left of its minute.
_LEFT_AT_LEAST = 20
_MAX_KEPT = 20_000


class TokenMint:
    """Signs in the gateway's name for whoever asks. The key is read when the first token is needed."""

    def __init__(self, private_key_file: Path | None) -> None:
        self._file = private_key_file
        self._kept: dict[tuple[Caller, str, str], tuple[float, str]] = {}
        self._kid = ""
        self._look_again_at = 0.0

    @cached_property
    def signer(self) -> Signer:
        """Signs with the gateway's own key; raises where none is configured."""
        if self._file is None:
            raise RuntimeError("GATEWAY_PRIVATE_KEY_FILE is not set: nothing can be asked of the services")
        return Signer.from_file("gateway", self._file)

    def token(self, caller: Caller, *, service: str, scope: str) -> str:
        """A token with which `caller` may do what `scope` says at `service`, and nothing else.

        Where their key is narrowed to other scopes it carries none, and the service refuses by itself.
        """
        wanted = (caller, service, scope)
        now = time.time()
        if now >= self._look_again_at:
            self._forget_tokens_of_another_key(now)
        kept = self._kept.get(wanted)
        if kept is not None and kept[0] > now:
            return kept[1]
        if len(self._kept) >= _MAX_KEPT:
            self._kept.clear()
        scopes = (scope,) if caller.holds(scope) else ()
        token = self.signer.mint(
            audience=service, subject=caller.subject, role=caller.role, scopes=scopes, entity=caller.entity, now=now
        )
        self._kept[wanted] = (now + LIFETIME - _LEFT_AT_LEAST, token)
        return token

    def _forget_tokens_of_another_key(self, now: float) -> None:
        """A key that was withdrawn at once signs for nobody a second later."""
        self._look_again_at = now + 1.0
        if self._kid != (kid := self.signer.kid):
            self._kid = kid
            self._kept.clear()
