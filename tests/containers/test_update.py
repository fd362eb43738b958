"""Another version while people read and write: a swarm of one node, on the images that the stack's day ran on."""

import pytest

from tests.containers.swarm import complaint, exchange, swarm

pytestmark = [pytest.mark.engine, pytest.mark.timeout(1500)]


class TestUpdate:
    @pytest.mark.usefixtures("built")
    def test_is_noticed_by_nobody_and_loses_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        if why := complaint():
            pytest.skip(f"no swarm is tried: {why}")

        # The strategy is enough to read; a worker each; new replicas are watched for shorter than an operator would;
        # and people pause for longer than in `make test-swarm`, since what they take the exchange has to wait for.
        with swarm(DEMO="0", UPDATE_MONITOR="2s", WORKERS="1") as environment:
            exchanged = exchange(environment, pause=0.15)

        assert not exchanged.failed, str(exchanged)
        assert not exchanged.lost, str(exchanged)
        assert exchanged.acknowledged
        with capsys.disabled():
            print(f"\nswarm: {exchanged}")
