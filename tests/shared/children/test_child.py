"""A child process: started when needed, ended when it fails, no harm to who asks next."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from klaster_shared.children.child import Child
from klaster_shared.errors import Unavailable

_MODULE = """
import os, time
from klaster_shared.children.serving import serve

def answer(question):
    word = question.decode()
    if word == "fail":
        raise ValueError("no such thing")
    if word == "sleep":
        time.sleep(60)
    if word == "swell":
        bytearray(1 << 30)
    print("a library talks")
    return f"{os.getpid()} {word} {os.environ.get('INDICATORS_SECRET')}".encode()

serve(answer, memory=256 << 20, idle=60)
"""


@pytest.fixture
async def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Child]:
    (tmp_path / "child_of_a_test.py").write_text(_MODULE)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    monkeypatch.setenv("INDICATORS_SECRET", "not for children")
    started = Child("child_of_a_test", seconds=2.0, most_waiting=3)
    yield started
    await started.aclose()


async def ask(child: Child, word: str) -> str:
    return (await child.ask(word.encode())).decode()


class TestAsk:
    async def test_is_answered_by_one_process_that_knows_no_secret(self, child: Child) -> None:
        answers = await asyncio.gather(*(ask(child, word) for word in ("a", "b", "c")))

        assert answers == [f"{child.pid} {word} None" for word in ("a", "b", "c")]

    async def test_survives_whatever_a_question_does(self, child: Child) -> None:
        with pytest.raises(Unavailable):
            await ask(child, "fail")
        with pytest.raises(Unavailable):
            await ask(child, "swell")
        before = child.pid
        with pytest.raises(Unavailable):
            await ask(child, "sleep")

        assert (await ask(child, "d")).endswith("d None")
        assert child.pid not in {before, None}

    async def test_starts_the_process_again_after_it_has_gone(self, child: Child) -> None:
        await ask(child, "a")
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)

        assert (await ask(child, "b")).endswith("b None")

    async def test_is_refused_where_too_many_wait(self, child: Child) -> None:
        answers = await asyncio.gather(*(ask(child, "a") for _ in range(5)), return_exceptions=True)

        assert [isinstance(answer, Unavailable) for answer in answers] == [False, False, False, True, True]
