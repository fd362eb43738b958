"""One running stack that all these tests break, one after the other: it has to stand up again each time anyway."""

from collections.abc import Iterator

import pytest

from tests.running import Running, running_stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Four services with the strategy, and nothing else but what the tests before left."""
    with running_stack(tmp_path_factory.mktemp("faults"), DEMO="0") as stack:
        yield stack
