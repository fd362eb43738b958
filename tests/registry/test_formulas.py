"""Formulas: nothing that goes out is one, and what comes in is what went out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klaster_registry.formulas import as_meant, harmless

TEXTS = st.text() | st.builds(str.__add__, st.text(alphabet="'=+-@\t\r", max_size=4), st.text())


class TestFormulas:
    @given(TEXTS)
    def test_are_taken_back_exactly(self, text: str) -> None:
        assert as_meant(harmless(text)) == text

    @given(TEXTS)
    def test_do_not_go_out(self, text: str) -> None:
        assert harmless(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}

    @pytest.mark.parametrize("text", ["", "Alfa", "'t Hooft Instituut", "a=b", "1-2", "'"])
    def test_are_all_that_is_marked(self, text: str) -> None:
        assert harmless(text) == as_meant(text) == text
