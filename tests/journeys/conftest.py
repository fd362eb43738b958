"""One running stack, as `make run` starts it, and the people who call it."""

from collections.abc import Iterator

import httpx
import pytest

from tests.running import Running, running_stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Four services with the strategy and the demonstration in them."""
    with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture(scope="session")
def empty_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Four services as an office begins with them: the strategy and its codes, and nobody in the register."""
    with running_stack(tmp_path_factory.mktemp("empty"), DEMO="0") as stack:
        yield stack


@pytest.fixture
def public(stack: Running) -> Iterator[httpx.Client]:
    """Somebody without a key."""
    with httpx.Client(base_url=stack.url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def office(stack: Running) -> Iterator[httpx.Client]:
    """Somebody with the key that the first start printed."""
    headers = {"Authorization": f"Bearer {stack.admin_key}"}
    with httpx.Client(base_url=stack.url, headers=headers, timeout=30, trust_env=False) as client:
        yield client
