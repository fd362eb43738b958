"""Programs that no test runs still find all that they name."""

import importlib
import pkgutil

import tests.benchmarks


class TestBenchmarks:
    def test_find_what_they_measure(self) -> None:
        names = [found.name for found in pkgutil.iter_modules(tests.benchmarks.__path__, "tests.benchmarks.")]
        assert len(names) > 20
        for name in names:
            importlib.import_module(name)
