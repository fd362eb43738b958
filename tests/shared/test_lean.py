"""What a process that serves does not hold."""

import subprocess
import sys

import pytest

# By service: what a process must not have in memory once its app is made, on SQLite.
UNUSED = (
    "rich",
    "pygments",
    "watchfiles",
    "websockets",
    "alembic",
    "mako",
    "asyncpg",
    "openpyxl",
    "matplotlib",
    "numpy",
)
LOOK = """
import sys
import klaster_shared.lean
from pathlib import Path
from importlib import import_module
from klaster_shared.server import uvicorn_config
service = sys.argv[1]
settings = import_module(f"klaster_{service}.settings").Settings(
    database_url=f"sqlite+aiosqlite:///{sys.argv[2]}/{service}.db", jwks_file=Path("none"), port=1
)
app = import_module(f"klaster_{service}.main").create_app(settings)
uvicorn_config(app, settings).load()
print(*(name for name in sys.argv[3:] if sys.modules.get(name)))
answers = [route for route in app.routes if getattr(route, "_answer", None)]
print(len(answers) > 0, any(route.response_field for route in answers))
"""


class TestProcesses:
    @pytest.mark.parametrize("service", ["registry", "events", "gateway"])
    def test_hold_nothing_that_only_tools_and_jobs_use(self, service: str, tmp_path: object) -> None:
        command = [sys.executable, "-c", LOOK, service, str(tmp_path), *UNUSED]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        assert said[0] == ""

    @pytest.mark.parametrize("service", ["registry"])
    def test_make_no_serializers_of_what_they_answer_in_bytes(self, service: str, tmp_path: object) -> None:
        command = [sys.executable, "-c", LOOK, service, str(tmp_path)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        assert said[1] == "True False"
