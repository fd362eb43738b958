"""Windows counted in this process."""

import asyncio

from klaster_gateway.limits.windows import Windows


class TestWindows:
    def test_are_one_for_each_kind_and_caller(self) -> None:
        windows = Windows()
        asked = [("a", "x"), ("a", "x"), ("a", "y"), ("b", "x"), ("a", "x")]
        counted = [windows.count(kind, who, cost=2, seconds=3600) for kind, who in asked]
        assert [found[0] for found in counted if found is not None] == [2, 4, 2, 2, 6]

    def test_count_nothing_beyond_the_most(self) -> None:
        windows = Windows()
        taken = [windows.count("a", "x", cost=1, seconds=3600, most=2) for _ in range(4)]
        assert [found and found[0] for found in taken] == [1, 2, None, None]
        counted = windows.count("a", "x", cost=1, seconds=3600)
        assert counted is not None
        assert counted[0] == 3

    async def test_begin_anew_when_they_have_ended(self) -> None:
        windows = Windows()
        windows.count("a", "x", cost=5, seconds=1)
        await asyncio.sleep(1.05)
        assert windows.count("a", "x", cost=1, seconds=1) == (1, 1)

    async def test_that_have_ended_go(self) -> None:
        windows = Windows()
        for number in range(5000):
            windows.count("a", str(number), cost=1, seconds=0)
        assert len(windows) <= 1024
