"""Identifiers: whether one can be right, and how it is written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klaster_registry.entities.identifiers import RULES, check, is_scheme
from klaster_registry.seeding.files import ror_records


class TestCheck:
    @pytest.mark.parametrize(
        ("scheme", "value", "written"),
        [
            ("nip", "676-246-43-04", "6762464304"),
            ("nip", "PL 6762464304", "6762464304"),
            ("regon", "122838510", "122838510"),
            ("krs", "0000458418", "0000458418"),
            ("krs", "0000 458 418", "0000458418"),
            ("eu_vat", "pl6762464304", "PL6762464304"),
            ("isni", "0000 0001 1541 0713", "0000000115410713"),
            ("isni", "https://isni.org/isni/0000000115410713", "0000000115410713"),
            ("lei", "549300GKFG0RYRRQ1414", "549300GKFG0RYRRQ1414"),
            ("ror", "https://ror.org/03bqmcz70", "03bqmcz70"),
            ("ror", "03BQMCZ70", "03bqmcz70"),
            ("wikidata", "https://www.wikidata.org/wiki/Q189441", "Q189441"),
            ("wikidata", "q189441", "Q189441"),
        ],
    )
    def test_writes_a_good_one_as_its_scheme_does(self, scheme: str, value: str, written: str) -> None:
        found = check(scheme, value)
        assert (found.value, found.verdict, found.reason) == (written, "valid", None)

    @pytest.mark.parametrize(
        ("scheme", "value", "reason"),
        [
            ("nip", "6762464305", "checksum"),
            ("nip", "67624", "length"),
            ("regon", "122838511", "checksum"),
            ("krs", "458418", "length"),
            ("krs", "00004584AB", "format"),
            ("eu_vat", "PL6762464305", "checksum"),
            ("eu_vat", "XX123", "component"),
            ("isni", "0000 0001 1541 0714", "checksum"),
            ("lei", "549300GKFG0RYRRQ1415", "checksum"),
            ("ror", "03bqmcz71", "checksum"),
            ("ror", "13bqmcz70", "format"),
            ("ror", "03bqmcz7", "length"),
            ("wikidata", "Q0", "format"),
        ],
    )
    def test_leaves_a_wrong_one_as_it_was_written_and_says_why(self, scheme: str, value: str, reason: str) -> None:
        found = check(scheme, value)
        assert (found.value, found.verdict, found.reason) == (value, "invalid", reason)

    def test_finds_every_identifier_of_the_source_good(self) -> None:
        records = ror_records().values()
        assert {check("ror", record["id"]).verdict for record in records} == {"valid"}
        external = [item for record in records for item in record["external_ids"] if item["scheme"] in RULES]
        assert {check(item["scheme"], item["value"]).verdict for item in external} == {"valid"}

    @given(st.sampled_from(sorted(RULES)), st.text(max_size=60))
    def test_gives_a_verdict_on_anything(self, scheme: str, value: str) -> None:
        found = check(scheme, value)
        assert found.verdict in {"valid", "invalid"}
        assert json.dumps(found.value)

    @given(st.sampled_from(sorted(RULES)), st.text(alphabet="0123456789QPL-", max_size=22))
    def test_changes_nothing_about_what_it_has_written(self, scheme: str, value: str) -> None:
        found = check(scheme, value)
        if found.verdict == "valid":
            assert check(scheme, found.value) == found


class TestScheme:
    @pytest.mark.parametrize(("scheme", "is_one"), [("nip", True), ("eu_vat", True), ("NIP", False), ("a b", False)])
    def test_is_a_lower_case_word(self, scheme: str, is_one: bool) -> None:
        assert is_scheme(scheme) is is_one
