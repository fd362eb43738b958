"""Prints the merged contract: `python -m klaster_gateway.openapi [--contracts FOLDER_OR_FILE ...]`.

Without --contracts it reads those of the services beside this one. `make openapi` writes all of them, this one last.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from klaster_gateway.contract.answers import complete_answers
from klaster_gateway.contract.bounds import bound_sizes
from klaster_gateway.contract.merging import ContractError, merge_contracts
from klaster_gateway.contract.ways_in import name_tags, name_ways_in
from klaster_gateway.main import create_app
from klaster_gateway.settings import Settings
from klaster_shared.contract import contract_of
from klaster_shared.settings import PACKAGE_VERSION

SERVICES = Path(__file__).parent.parent.parent
DEFAULT = tuple(SERVICES / name for name in ("registry", "indicators", "events"))
INFO = {
    "title": "klaster",
    "version": PACKAGE_VERSION,
    "summary": "The digital backbone of a cluster: its organisations, its strategy's indicators, its events",
    "description": (
        "One base URL, one error shape, one key. Errors are problem documents (RFC 9457). Lists are read with "
        "`cursor` and `limit`. Labels are Polish or English, by `Accept-Language` or `?lang=`. "
        "Send `Authorization: Bearer klk_...` for what is not public."
    ),
    "contact": {"name": "Whoever runs this stack"},
    "license": {"name": "See the repository"},
}
# Nothing is connected to or read: the gateway's own part follows from the code alone.
NOWHERE = Settings(database_url="postgresql://contract@localhost/contract", jwks_file=Path("none"), port=8000)


def merged_text(contracts: Sequence[Path]) -> str:
    """The contract as it is committed: the services' (files, or folders that hold openapi.json) and the gateway's own.

    Raises ContractError where they collide, FileNotFoundError where one is missing.
    """
    files = [path / "openapi.json" if path.is_dir() else path for path in contracts]
    documents = [(file.parent.name, json.loads(file.read_text(encoding="utf-8"))) for file in files]
    merged = merge_contracts([*documents, ("gateway", contract_of(create_app(NOWHERE)))], info=INFO)
    bound_sizes(merged)
    complete_answers(merged)
    name_ways_in(merged)
    name_tags(merged)
    return json.dumps(merged, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> None:
    """Print the merged contract, or say what is in its way."""
    parser = argparse.ArgumentParser(prog="python -m klaster_gateway.openapi", description=__doc__)
    parser.add_argument("--contracts", nargs="+", type=Path, default=DEFAULT, help="folders or files to merge")
    try:
        sys.stdout.write(merged_text(parser.parse_args().contracts))
    except (ContractError, FileNotFoundError) as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
