"""Keys are made once, belong to their owner, and can be exchanged while services run."""

import json
import os
import stat
import time
from pathlib import Path

import pytest

from klaster_shared.errors import Unauthenticated
from klaster_shared.tokens import Signer, Verifier, create_keys


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_keys(["gateway", "events"], private=tmp_path, jwks=tmp_path / "jwks.json")
    return tmp_path


def mint(folder: Path, **how: object) -> str:
    given = {"audience": "registry", "subject": "key:1", "role": "office", "scopes": ["entities:read"], **how}
    return Signer.from_file("gateway", folder / "gateway.jwk").mint(**given)  # type: ignore[arg-type]


class TestCreateKeys:
    def test_makes_each_pair_once(self, folder: Path) -> None:
        before = (folder / "gateway.jwk").read_text()
        again = create_keys(["gateway", "events", "indicators"], private=folder, jwks=folder / "jwks.json")
        assert again == ["indicators"]
        assert (folder / "gateway.jwk").read_text() == before

    def test_keeps_private_keys_to_their_owner(self, folder: Path) -> None:
        assert stat.S_IMODE((folder / "gateway.jwk").stat().st_mode) == 0o600
        assert all("d" not in key for key in json.loads((folder / "jwks.json").read_text())["keys"])


class TestVerify:
    def test_reads_back_what_was_signed(self, folder: Path) -> None:
        claims = Verifier("registry", folder / "jwks.json").verify(mint(folder))
        assert (claims.issuer, claims.subject, claims.role) == ("gateway", "key:1", "office")
        assert claims.scopes == {"entities:read"}

    def test_does_not_remember_a_token_beyond_its_time(self, folder: Path) -> None:
        verifier = Verifier("registry", folder / "jwks.json")
        token, now = mint(folder), time.time()
        assert verifier.verify(token, now=now + 85)
        with pytest.raises(Unauthenticated):
            verifier.verify(token, now=now + 95)

    def test_refuses_a_token_that_is_good_for_longer_than_a_minute(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("klaster_shared.tokens.LIFETIME", 3600)
        token = mint(folder)
        monkeypatch.undo()
        with pytest.raises(Unauthenticated):
            Verifier("registry", folder / "jwks.json").verify(token)

    def test_follows_the_key_file_without_a_restart(self, folder: Path) -> None:
        verifier = Verifier("registry", folder / "jwks.json")
        old = mint(folder)
        assert verifier.verify(old)
        (folder / "gateway.jwk").unlink()
        time.sleep(1.1)  # a key's id holds the second it was made in
        create_keys(["gateway", "events"], private=folder, jwks=folder / "jwks.json")
        os.utime(folder / "jwks.json", (0, time.time() + 5))
        assert verifier.verify(mint(folder))
        with pytest.raises(Unauthenticated):
            verifier.verify(old)
