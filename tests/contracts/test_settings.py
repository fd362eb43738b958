"""The reference of settings says what the code reads."""

import importlib
from dataclasses import fields

import pytest
from pydantic import ValidationError

from deploy.local.settings import RunnerSettings
from klaster_events.settings import Settings as EventsSettings
from tests.contracts.settings_page import RUNNER, settings_page, undescribed
from tests.services import NAMES, ROOT


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


class TestWrongOnes:
    @pytest.mark.parametrize("service", NAMES)
    def test_are_told_of_without_what_they_are(self, service: str) -> None:
        settings = importlib.import_module(f"klaster_{service}.settings").Settings
        with pytest.raises(ValidationError) as told:
            settings(
                database_url="postgresql://klaster:hidden-word@host/klaster", port="hidden-word", zone="hidden-word"
            )
        assert {"port", "zone"} <= {error["loc"][0] for error in told.value.errors() if error["loc"]}
        assert "hidden-word" not in str(told.value)

    def test_send_no_password_to_a_mail_server_in_the_clear(self) -> None:
        with pytest.raises(ValidationError) as told:
            EventsSettings(
                database_url="sqlite+aiosqlite:///events.db",
                jwks_file="jwks.json",  # type: ignore[arg-type]
                smtp_host="mail.example",
                smtp_security="none",
                smtp_username="office",
                smtp_password="hidden-word",  # type: ignore[arg-type]
                mail_from="office@klaster.example",
            )
        assert "never sent in the clear" in str(told.value)
        assert "hidden-word" not in str(told.value)
