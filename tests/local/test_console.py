"""Every line says whose it is."""

import io
import os
from pathlib import Path

from deploy.local import processes
from deploy.local.console import Console
from tests.local.conftest import Screen, script


class TestLines:
    async def test_carry_the_name_of_their_program(self, tmp_path: Path, screen: Screen) -> None:
        program = script(tmp_path, "registry", "import sys; print('one'); print('two', file=sys.stderr)")

        code = await processes.run(program, screen.console)

        assert code == 0
        assert sorted(screen.lines) == ["registry   | one", "registry   | two"]

    def test_are_coloured_by_name_on_a_terminal(self) -> None:
        stream = io.StringIO()
        console = Console(stream, colour=True)

        console.line("registry", "one")
        console.line("events", "two")
        console.line("registry", "three")

        first, second, third = (line.split("m", 1)[0] for line in stream.getvalue().splitlines())
        assert first == third != second
        assert stream.getvalue().splitlines()[0] == f"{first}mregistry   |\033[0m one"

    async def test_come_whole_where_their_last_has_no_end(self, tmp_path: Path, screen: Screen) -> None:
        await processes.run(script(tmp_path, "events", "print('half', end='')"), screen.console)

        assert screen.lines == ["events     | half"]

    async def test_may_be_longer_than_the_buffer(self, tmp_path: Path, screen: Screen) -> None:
        await processes.run(script(tmp_path, "events", "print('x' * 200_000)"), screen.console)

        assert sum(line.count("x") for line in screen.lines) == 200_000

    async def test_may_hold_bytes_that_are_no_text(self, tmp_path: Path, screen: Screen) -> None:
        await processes.run(script(tmp_path, "events", r"import os; os.write(1, b'\xff\n')"), screen.console)

        assert screen.lines == ["events     | \ufffd"]

    def test_stop_nothing_when_nobody_reads_them(self) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "w", buffering=1) as nobody:
            console = Console(nobody, colour=False)
            console.line("registry", "one")
            console.line("registry", "two")


class TestAsk:
    async def test_hands_back_what_was_printed_and_shows_the_rest(self, tmp_path: Path, screen: Screen) -> None:
        program = script(tmp_path, "gateway", "import sys; print('klk_x'); print('made one', file=sys.stderr)")

        answer = await processes.ask(program, screen.console)

        assert answer == (0, "klk_x")
        assert screen.lines == ["gateway    | made one"]
