"""An archive is whole, or it is refused with a sentence; nothing of it lands where it does not belong."""

import io
import tarfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from deploy.keeping.archive import LEDGER, Manifest, file_of, read_archive, write_archive
from deploy.local.errors import Refusal
from deploy.services import SERVICES
from klaster_shared.stock import Stock

NOW = datetime(2026, 11, 27, 6, tzinfo=UTC)
STOCK = Stock(version="0.1.0", revision="a", day=date(2026, 11, 27), tables={"notes": 2}, position=7, figures=None)
MANIFEST = Manifest(
    version="0.1.0", engine="sqlite", began_at=NOW, ended_at=NOW, services=dict.fromkeys(SERVICES, STOCK)
)
Members = dict[str, bytes]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    copies = tmp_path / "copies"
    copies.mkdir()
    for service in SERVICES:
        (copies / file_of(service, "sqlite")).write_bytes(service.encode() * 1000)
    (copies / LEDGER).touch()
    write_archive(tmp_path / "backup.tar.gz", copies, MANIFEST)
    return tmp_path / "backup.tar.gz"


@pytest.fixture
def into(tmp_path: Path) -> Path:
    (tmp_path / "into").mkdir()
    return tmp_path / "into"


def changed(archive: Path, change: Callable[[Members], object]) -> Path:
    """The archive packed anew, with something else in it."""
    with tarfile.open(archive) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
    change(members)
    with tarfile.open(archive, "w:gz") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return archive


class TestArchive:
    def test_gives_back_what_was_put_in(self, archive: Path, into: Path) -> None:
        assert read_archive(archive, into) == MANIFEST
        assert (into / "events.db").read_bytes() == b"events" * 1000

    def test_is_for_its_owner_alone(self, archive: Path, into: Path) -> None:
        read_archive(archive, into)
        assert {path.stat().st_mode & 0o777 for path in (archive, *into.iterdir())} == {0o600}

    def test_leaves_no_half_written_one_behind(self, archive: Path) -> None:
        assert sorted(path.name for path in archive.parent.iterdir()) == ["backup.tar.gz", "copies"]


class TestRefusal:
    def test_of_one_that_ends_too_early(self, archive: Path, into: Path) -> None:
        archive.write_bytes(archive.read_bytes()[:-200])
        with pytest.raises(Refusal, match="cannot be read: it is damaged, or no backup"):
            read_archive(archive, into)

    def test_of_what_is_no_archive(self, archive: Path, into: Path) -> None:
        archive.write_text("shopping list")
        with pytest.raises(Refusal, match="cannot be read"):
            read_archive(archive, into)

    def test_of_one_that_is_not_there(self, tmp_path: Path, into: Path) -> None:
        with pytest.raises(Refusal, match=r"there is no backup .*nothing\.tar\.gz: name it with FROM="):
            read_archive(tmp_path / "nothing.tar.gz", into)

    def test_of_a_copy_that_is_not_what_was_written(self, archive: Path, into: Path) -> None:
        changed(archive, lambda members: members.update({"registry.db": b"somebody else's"}))
        with pytest.raises(Refusal, match=r"is damaged: registry\.db is not what was written"):
            read_archive(archive, into)

    def test_of_a_manifest_that_says_something_else(self, archive: Path, into: Path) -> None:
        changed(archive, lambda members: members.update({"manifest.json": members["manifest.json"] + b" "}))
        with pytest.raises(Refusal, match=r"is damaged: manifest\.json"):
            read_archive(archive, into)

    def test_of_one_without_a_database(self, archive: Path, into: Path) -> None:
        changed(archive, lambda members: members.pop("events.db"))
        with pytest.raises(Refusal, match=r"is not whole: events\.db is missing"):
            read_archive(archive, into)

    def test_of_files_that_lead_elsewhere(self, archive: Path, into: Path) -> None:
        changed(archive, lambda members: members.update({"../elsewhere": b""}))
        with pytest.raises(Refusal, match=r"is no backup of this stack: it holds \.\./elsewhere"):
            read_archive(archive, into)
        assert not (into.parent / "elsewhere").exists()
