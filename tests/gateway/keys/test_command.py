"""Keys from a shell, as the runner and the containers make them."""

import asyncio
import os
import stat
import sys
from pathlib import Path

import pytest

from klaster_shared.testing.servers import test_keys as keys_folder
from tests.gateway.conftest import ENTITY, running_gateway


async def create(database_url: str, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `keys create`."""
    environment = {
        **os.environ,
        "GATEWAY_DATABASE_URL": database_url,
        "GATEWAY_JWKS_FILE": str(keys_folder() / "jwks.json"),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "klaster_gateway.keys", "create", *arguments),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode().strip(), err.decode().strip()


class TestCreate:
    async def test_prints_a_key_that_works_and_nothing_else(self, own_database: str) -> None:
        code, key, _ = await create(own_database, "--role", "admin", "--name", "seed", "--expires-in", "1h")
        assert code == 0
        async with running_gateway(own_database) as gateway:
            answer = await gateway.client.get("/v1/whoami", headers={"Authorization": f"Bearer {key}"})
        assert (answer.json()["role"], answer.json()["name"]) == ("admin", "seed")
        assert answer.json()["expires_at"] is not None

    async def test_writes_it_to_a_file_that_its_owner_alone_reads(self, own_database: str, tmp_path: Path) -> None:
        file = tmp_path / "key"
        file.write_text("an older one")
        file.chmod(0o644)

        said = await create(own_database, "--role", "admin", "--name", "seed", "--to", str(file))

        assert said == (0, "", "")
        assert file.read_text().startswith("klk_")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    async def test_makes_none_where_it_could_not_write_it_down(self, own_database: str, tmp_path: Path) -> None:
        code, out, said = await create(
            own_database, "--role", "admin", "--name", "lost", "--to", str(tmp_path / "nowhere" / "key")
        )
        assert (code, out) == (1, "")
        assert "No such file or directory" in said

        # A lasting admin key would now keep this one from being made.
        assert (await create(own_database, "--role", "admin", "--name", "admin", "--if-none"))[1].startswith("klk_")

    async def test_makes_one_lasting_admin_key_where_none_is(self, own_database: str) -> None:
        arguments = ("--role", "admin", "--name", "admin", "--if-none")
        # A key that ends by itself is none that somebody could go on with.
        await create(own_database, "--role", "admin", "--name", "seed", "--expires-in", "1h")
        code, key, _ = await create(own_database, *arguments)
        assert (code, key.startswith("klk_")) == (0, True)
        assert await create(own_database, *arguments) == (0, "", "")

    async def test_makes_a_partner_s_key(self, own_database: str) -> None:
        code, key, _ = await create(own_database, "--role", "partner", "--name", "p", "--entity", ENTITY)
        assert (code, key.startswith("klk_")) == (0, True)

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (("--role", "king", "--name", "n"), "role"),
            (("--role", "partner", "--name", "n"), "entity"),
            (("--role", "admin", "--name", "n", "--expires-in", "soon"), "90m, 1h or 30d"),
        ],
    )
    async def test_says_in_a_sentence_what_is_wrong(
        self, own_database: str, arguments: tuple[str, ...], sentence: str
    ) -> None:
        code, out, err = await create(own_database, *arguments)
        assert (code != 0, out) == (True, "")
        assert sentence in err
        assert "Traceback" not in err
