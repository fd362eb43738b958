"""A Python client, generated from the merged contract, asks a real stack: a list, its next page, an error."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import Running
from tests.services import ROOT

CONTRACT = ROOT / "services" / "gateway" / "openapi.json"
PAGE = ROOT / "docs" / "frontend.md"
TOUR = """
import sys
from klaster_client import AuthenticatedClient, Client
from klaster_client.api.entities import get_entity, list_entities
from klaster_client.api.keys import get_caller
from klaster_client.models import EntityReadPage, ProblemBody

url, key = sys.argv[1:]
with Client(base_url=url) as stranger, AuthenticatedClient(base_url=url, token=key) as admin:
    first = list_entities.sync(client=stranger, limit=2)
    assert isinstance(first, EntityReadPage), first
    second = list_entities.sync(client=stranger, limit=2, cursor=first.next_)
    assert isinstance(second, EntityReadPage), second
    assert {one.id for one in first.items}.isdisjoint(one.id for one in second.items)
    missing = get_entity.sync(client=stranger, reference="RBW-999999")
    assert isinstance(missing, ProblemBody), missing
    print(len(first.items), len(second.items), missing.code, get_caller.sync(client=admin).role)
"""


@pytest.mark.timeout(300)
def test_is_generated_whole_and_runs(contract_tools: Path, stack: Running, tmp_path: Path) -> None:
    configuration = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert configuration is not None
    (tmp_path / "config.yaml").write_text(configuration[1])
    made = subprocess.run(
        [
            contract_tools / "openapi-python-client",
            *("generate", "--path", CONTRACT, "--meta", "none"),
            *("--config", "config.yaml", "--output-path", "klaster_client"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout
    assert "Endpoint will not be generated" not in made.stdout
    assert "Unable to process schema" not in made.stdout
    (tmp_path / "tour.py").write_text(TOUR)
    # The client's own needs (httpx, attrs, python-dateutil) are there with the tool's.
    python = contract_tools / "python"
    ran = subprocess.run(
        [python, "tour.py", stack.url, stack.admin_key], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (ran.stdout, ran.stderr) == ("2 2 entity_not_found admin\n", ""), sys.version
