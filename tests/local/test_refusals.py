"""What `make run` refuses, in one sentence that names what to change."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import folder
from deploy.local.errors import Refusal
from deploy.local.folder import Running
from deploy.local.ports import refuse_ports_in_use
from deploy.local.processes import Program
from deploy.local.settings import RunnerSettings


class TestSettings:
    def test_have_defaults(self) -> None:
        settings = RunnerSettings.from_environment({})

        assert settings == RunnerSettings(data=Path.cwd() / "data")
        assert (settings.port, settings.demo, settings.database) == (8000, True, None)

    def test_are_read_from_the_variables_of_make(self) -> None:
        variables = {
            "PORT": "9000",
            "DATA": "/tmp/k",
            "DATABASE": "postgresql://a:b@c/d",
            "DEMO": "0",
            "LOG_LEVEL": "debug",
            "PUBLIC_URL": "https://klaster.example/",
        }

        settings = RunnerSettings.from_environment(variables)

        assert settings == RunnerSettings(
            port=9000,
            data=Path("/tmp/k"),
            database="postgresql://a:b@c/d",
            demo=False,
            log_level="DEBUG",
            public_url="https://klaster.example",
        )

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("PORT", "http"),
            ("PORT", "80"),
            ("PORT", "65533"),
            ("DEMO", "yes"),
            ("LOG_LEVEL", "LOUD"),
            ("DATABASE", "mysql://root@host/db"),
            ("PUBLIC_URL", "klaster.example"),
        ],
    )
    def test_name_the_variable_that_makes_no_sense(self, name: str, value: str) -> None:
        with pytest.raises(Refusal, match=name):
            RunnerSettings.from_environment({name: value})


class TestPorts:
    def test_in_use_are_named_with_their_service_and_the_setting(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            programs = [Program(name="registry", command=("true",), port=port)]

            with pytest.raises(Refusal, match=rf"port {port} \(registry\) is in use: .* PORT="):
                refuse_ports_in_use(programs)

    def test_that_are_free_are_left_free(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]

        refuse_ports_in_use([Program(name="registry", command=("true",), port=port)])

        socket.create_server(("127.0.0.1", port)).close()


class TestFolder:
    def test_is_refused_to_a_second_runner(self, tmp_path: Path) -> None:
        with folder.locked(tmp_path):
            folder.note(tmp_path, Running(process=4711, port=8000, databases={}))

            with pytest.raises(Refusal, match=r"another runner \(process 4711\) uses .*DATA="), folder.locked(tmp_path):
                pass

    def test_is_free_again_afterwards(self, tmp_path: Path) -> None:
        with folder.locked(tmp_path):
            pass
        with folder.locked(tmp_path):
            pass

    def test_says_what_runs_on_it(self, tmp_path: Path) -> None:
        running = Running(process=os.getpid(), port=9000, databases={"registry": "sqlite+aiosqlite:////x"})

        with folder.locked(tmp_path):
            folder.note(tmp_path, running)
            assert folder.running(tmp_path) == running
            assert (tmp_path / "runner.json").stat().st_mode & 0o777 == 0o600

        with pytest.raises(Refusal, match="nothing runs on"):
            folder.running(tmp_path)

    def test_has_nothing_running_where_it_does_not_exist(self, tmp_path: Path) -> None:
        with pytest.raises(Refusal, match="nothing runs on"):
            folder.running(tmp_path / "nowhere")


class TestCommand:
    def test_says_one_sentence_and_fails(self, tmp_path: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "deploy.local"],
            env={**os.environ, "PORT": "eighty", "DATA": str(tmp_path / "data")},
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 1
        assert done.stderr == "klaster: PORT is the gateway's port, a number from 1024 to 65532, not 'eighty'\n"
        assert not (tmp_path / "data").exists()

    def test_exchanges_no_keys_where_there_are_none(self, tmp_path: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "deploy.local", "--rotate-keys"],
            env={**os.environ, "DATA": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 1
        assert done.stderr == f"klaster: there are no keys in {tmp_path}: name its folder with DATA=\n"
