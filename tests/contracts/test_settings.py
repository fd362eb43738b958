"""The reference of settings says what the code reads."""

from dataclasses import fields

from deploy.local.settings import RunnerSettings
from tests.contracts.settings_page import RUNNER, settings_page, undescribed
from tests.services import ROOT


class TestReference:
    def test_is_committed_as_the_code_says_it(self) -> None:
        assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings_page()

    def test_explains_every_setting(self) -> None:
        assert undescribed() == []
        assert RUNNER.keys() == {field.name for field in fields(RunnerSettings)}

    def test_names_what_whoever_publishes_the_stack_has_to_set(self) -> None:
        row = next(line for line in settings_page().splitlines() if line.startswith("| `PUBLIC_URL` | `http"))
        assert {"`REGISTRY_PUBLIC_URL`", "`EVENTS_PUBLIC_URL`", "`GATEWAY_PUBLIC_URL`"} <= set(
            row.split(" | ")[2].rstrip(" |").split(", ")
        )
