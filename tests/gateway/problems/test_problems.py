"""Every type of problem opens as a page, in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from klaster_gateway.problems.catalogue import problem_types
from tests.gateway.conftest import Gateway
from tests.services import NAMES, ROOT

# The base class and the catch-all are named in code, but declare no title that a page could repeat.
WITHOUT_A_CLASS = {"internal", "http"}


def declared() -> Iterator[tuple[str, str, Path]]:
    """Code, English title and file of every problem class of the toolbox and the services."""
    folders = [
        ROOT / "shared" / "klaster_shared",
        *(ROOT / "services" / name / f"klaster_{name}" for name in NAMES),
    ]
    for path in sorted(path for folder in folders for path in folder.rglob("*.py") if "testing" not in path.parts):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                values = _constants(node)
                if isinstance(values.get("code"), str) and isinstance(values.get("title"), str):
                    yield str(values["code"]), str(values["title"]), path


def _constants(node: ast.ClassDef) -> dict[str, object]:
    found: dict[str, object] = {}
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Tuple):
            names = [getattr(name, "id", "") for name in statement.targets[0].elts]
            parts = statement.value.elts if isinstance(statement.value, ast.Tuple) else []
            found |= {n: p.value for n, p in zip(names, parts, strict=False) if isinstance(p, ast.Constant)}
    return found


class TestCatalogue:
    def test_holds_every_code_that_a_service_uses(self) -> None:
        """`services/gateway/klaster_gateway/problems/problems.yaml` is where a new one is explained."""
        missing = {
            f"{code} ({path.relative_to(ROOT)})" for code, _title, path in declared() if code not in problem_types()
        }
        assert missing == set()

    def test_holds_no_code_that_nobody_uses(self) -> None:
        assert set(problem_types()) - {code for code, _title, _path in declared()} == WITHOUT_A_CLASS

    def test_calls_them_as_the_services_do(self) -> None:
        wrong = {code for code, title, _path in declared() if problem_types()[code].title.en != title}
        assert wrong == set()


class TestPages:
    @pytest.mark.parametrize(("language", "title"), [("pl", "Tu niczego nie ma"), ("en", "There is nothing here")])
    async def test_explain_a_type_in_the_language_asked_for(self, gateway: Gateway, language: str, title: str) -> None:
        problem = (await gateway.client.get("/v1/nothing")).json()
        page = await gateway.client.get(problem["type"], headers={"Accept-Language": language})
        assert (page.status_code, page.headers["content-language"]) == (200, language)
        assert title in page.text
        assert page.headers["content-type"].startswith("text/html")

    async def test_are_listed_in_one_place(self, gateway: Gateway) -> None:
        page = (await gateway.client.get("/problems?lang=pl")).text
        assert all(f'href="/problems/{code}?lang=pl"' in page for code in problem_types())

    async def test_exist_for_known_types_alone(self, gateway: Gateway) -> None:
        answer = await gateway.client.get("/problems/<script>")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
