"""The tables of a service as both engines have them."""

import importlib
import pkgutil
from collections.abc import Sequence

from sqlalchemy import MetaData, Table


def tables_of(service: str) -> Sequence[Table]:
    """Every table, those first that others name."""
    package = importlib.import_module(f"klaster_{service}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)
    metadata: MetaData = importlib.import_module(f"{package.__name__}.database").METADATA
    return tuple(metadata.sorted_tables)
