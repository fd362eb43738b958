"""Keys are made once, belong to their owner, and can be exchanged while services run."""

import base64
import json
import os
import stat
import time
from pathlib import Path

import pytest

from klaster_shared.errors import Unauthenticated
from klaster_shared.keyfiles import UNTIL, create_keys, rotate_keys
from klaster_shared.tokens import Signer, Verifier


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

    @pytest.mark.parametrize(
        ("audience", "off", "detail"),
        [("events", 0, "another service"), ("registry", -100, "expires at"), ("registry", 100, "expires at")],
    )
    def test_refuses_what_is_meant_for_another_place_or_time(
        self, folder: Path, audience: str, off: int, detail: str
    ) -> None:
        token = mint(folder, audience=audience, now=time.time() + off)
        with pytest.raises(Unauthenticated, match=detail):
            Verifier("registry", folder / "jwks.json").verify(token)

    def test_refuses_a_neighbour_that_speaks_as_the_gateway(self, folder: Path) -> None:
        token = Signer.from_file("gateway", folder / "events.jwk").mint(
            audience="registry", subject="key:1", role="office", scopes=()
        )
        with pytest.raises(Unauthenticated, match="another than it says"):
            Verifier("registry", folder / "jwks.json").verify(token)

    @pytest.mark.parametrize("header", [{}, {"kid": "nobody:1"}, {"kid": None}, {"kid": ["gateway"]}, {"alg": "none"}])
    def test_refuses_a_key_that_is_not_named_or_not_known(self, folder: Path, header: dict[str, object]) -> None:
        head = base64.urlsafe_b64encode(json.dumps({"alg": "Ed25519", **header}).encode()).decode().rstrip("=")
        _, claims, signature = mint(folder).split(".")
        with pytest.raises(Unauthenticated):
            Verifier("registry", folder / "jwks.json").verify(f"{head}.{claims}.{signature}")

    def test_refuses_a_head_of_brackets(self, folder: Path) -> None:
        head = base64.urlsafe_b64encode(b"[" * 9_000).decode()
        with pytest.raises(Unauthenticated):
            Verifier("registry", folder / "jwks.json").verify(f"{head}.e30.e30")


class TestRotate:
    def rotate(self, folder: Path, kept: float = 90) -> None:
        rotate_keys(
            {name: folder / f"{name}.jwk" for name in ("gateway", "events")}, jwks=folder / "jwks.json", kept=kept
        )

    def test_lets_old_and_new_tokens_in_until_the_old_ones_have_ended(self, folder: Path) -> None:
        signer, verifier = (
            Signer.from_file("gateway", folder / "gateway.jwk"),
            Verifier("registry", folder / "jwks.json"),
        )
        told = {"audience": "registry", "subject": "key:1", "role": "office", "scopes": ()}
        old = signer.mint(**told)  # type: ignore[arg-type]
        assert verifier.verify(old)
        (folder / "before.jwk").write_text((folder / "gateway.jwk").read_text())
        self.rotate(folder)
        new = signer.mint(**told)  # type: ignore[arg-type] # the very signer of before: it follows its file
        assert old.split(".")[0] != new.split(".")[0]
        assert verifier.verify(new)
        assert verifier.verify(old)
        late = time.time() + 95
        fresh = signer.mint(**told, now=late)  # type: ignore[arg-type]
        forged = Signer.from_file("gateway", folder / "before.jwk").mint(**told, now=late)  # type: ignore[arg-type]
        assert verifier.verify(fresh, now=late)
        with pytest.raises(Unauthenticated):
            verifier.verify(forged, now=late)

    def test_of_a_key_that_leaked_ends_it_at_once(self, folder: Path) -> None:
        verifier = Verifier("registry", folder / "jwks.json")
        old = mint(folder)
        assert verifier.verify(old)
        self.rotate(folder, kept=0)
        assert verifier.verify(mint(folder))
        with pytest.raises(Unauthenticated):
            verifier.verify(old)

    def test_twice_forgets_nothing_too_early(self, folder: Path) -> None:
        old = mint(folder)
        self.rotate(folder)
        self.rotate(folder)
        create_keys(["gateway", "events"], private=folder, jwks=folder / "jwks.json")  # as each start does
        assert Verifier("registry", folder / "jwks.json").verify(old)
        published = json.loads((folder / "jwks.json").read_text())["keys"]
        assert sorted(UNTIL in key for key in published) == [False, False, True, True, True, True]
        assert stat.S_IMODE((folder / "gateway.jwk").stat().st_mode) == 0o600
        assert all("d" not in key for key in published)

    def test_hands_a_new_private_key_over_before_it_is_used(self, folder: Path) -> None:
        handed = []
        before = (folder / "gateway.jwk").read_text()

        def hand_over(path: Path) -> None:
            handed.append(path.read_text())
            assert (folder / "gateway.jwk").read_text() == before

        files = {"gateway": folder / "gateway.jwk"}
        rotate_keys(files, jwks=folder / "jwks.json", kept=90, hand_over=hand_over)
        assert handed == [(folder / "gateway.jwk").read_text()]

    def test_goes_on_with_the_key_of_before_while_a_file_cannot_be_read(self, folder: Path) -> None:
        signer = Signer.from_file("gateway", folder / "gateway.jwk")
        (folder / "gateway.jwk").write_text("{")
        token = signer.mint(audience="registry", subject="key:1", role="office", scopes=())
        assert Verifier("registry", folder / "jwks.json").verify(token)
