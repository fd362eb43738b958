"""A certified OpenID provider as a process, and what people and machines do there to get tokens."""

import asyncio
import base64
import hashlib
import json
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc.jwk import ECKey

from tests.clients.node import FOLDER, node
from tests.gateway.processes import free_port

AUDIENCE = "https://klaster.example"
ELSEWHERE = "https://elsewhere.example"
BACK = "http://127.0.0.1:9/back"  # nobody listens: the code is taken from the address that the browser would open


@dataclass
class Provider:
    """The provider: where it is, and what it was asked."""

    folder: Path
    port: int = field(default_factory=free_port)
    secret: str = field(default_factory=lambda: secrets.token_hex(32))
    running: asyncio.subprocess.Process | None = None
    lines: list[str] = field(default_factory=list)
    _listening: asyncio.Task[None] | None = None

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self, kid: str) -> None:
        """Start it with one key of this id."""
        key = ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})
        told = {
            "issuer": self.issuer,
            "port": self.port,
            "redirect": BACK,
            "secret": self.secret,
            "resources": [AUDIENCE, ELSEWHERE],
            "ttl": 60,
            "alg": "ES256",
            "roles": {"olga": ["cluster-office", "unknown"], "machine": ["cluster-reader"]},
            "jwks": {"keys": [key.as_dict(private=True)]},
        }
        settings = self.folder / "provider.json"
        settings.write_text(json.dumps(told))
        self.running = await asyncio.create_subprocess_exec(
            *(node(), str(FOLDER / "provider.mjs"), str(settings)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert self.running.stdout is not None
        async with asyncio.timeout(60):
            assert (await self.running.stdout.readline()).strip() == b"listening"
        self._listening = asyncio.create_task(self._listen(self.running.stdout))

    async def _listen(self, stdout: asyncio.StreamReader) -> None:
        async for line in stdout:
            self.lines.append(line.decode().strip())

    async def stop(self) -> None:
        """End it."""
        if self.running is not None and self.running.returncode is None:
            self.running.terminate()
            await self.running.wait()
        if self._listening is not None:
            await self._listening

    async def set_clock(self, shift: int) -> None:
        """Move its clock by so many seconds from now."""
        async with httpx.AsyncClient(trust_env=False) as client:
            (await client.get(f"{self.issuer}/clock", params={"shift": shift})).raise_for_status()

    async def machine_token(self, audience: str = AUDIENCE) -> str:
        """What a program gets with its own credentials (RFC 6749, 4.4; RFC 8707)."""
        asked = {"grant_type": "client_credentials", "resource": audience, "scope": "cluster"}
        async with httpx.AsyncClient(base_url=self.issuer, trust_env=False) as client:
            answer = await client.post("/token", data=asked, auth=("machine", self.secret))
        return str(answer.raise_for_status().json()["access_token"])

    async def log_in(self, person: str, *, resource: str | None = AUDIENCE) -> dict[str, Any]:
        """What a person gets who logs in with a browser: the authorization code flow with PKCE, each page followed."""
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "client_id": "frontend",
            "response_type": "code",
            "redirect_uri": BACK,
            "scope": "openid cluster",
            "state": "s",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **({"resource": resource} if resource else {}),
        }
        async with httpx.AsyncClient(base_url=self.issuer, trust_env=False) as browser:
            answer = await browser.get("/auth", params=asked)
            code = await self._through_pages(browser, answer, person)
            form = {
                "grant_type": "authorization_code",
                "client_id": "frontend",
                "code": code,
                "redirect_uri": BACK,
                "code_verifier": verifier,
            }
            tokens = (await browser.post("/token", data=form)).raise_for_status().json()
        return dict(tokens)

    async def _through_pages(self, browser: httpx.AsyncClient, answer: httpx.Response, person: str) -> str:
        for _ in range(12):
            if answer.is_redirect:
                where = answer.headers["location"]
                if where.startswith(BACK):
                    return parse_qs(urlsplit(where).query)["code"][0]
                answer = await browser.get(where)
                continue
            found = re.search(r'name="prompt" value="(\w+)"', answer.text)
            assert found, answer.text[:500]
            form = {"prompt": found[1], "login": person, "password": "any"}
            answer = await browser.post(str(answer.url), data=form)
        raise AssertionError("the pages of the provider lead nowhere")


@asynccontextmanager
async def provider(folder: Path) -> AsyncIterator[Provider]:
    """A provider that has started."""
    started = Provider(folder)
    await started.start("first")
    try:
        yield started
    finally:
        await started.stop()
