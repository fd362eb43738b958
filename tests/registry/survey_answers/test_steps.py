"""The life of an answer, whatever is sent in whatever order."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klaster_registry.survey_answers.schemas import AnswerIn, AnswerRead, ValueRead
from klaster_registry.survey_answers.steps import Step, check_step
from klaster_shared.errors import Problem

STATES = st.sampled_from(["draft", "submitted", "verified"])
SENT = st.builds(
    AnswerIn,
    values=st.dictionaries(st.sampled_from(["sales", "export"]), st.none() | st.just(Decimal(1))),
    state=STATES,
    evidence=st.none() | st.just("Nota 14"),
    evidence_url=st.none() | st.just("https://example.org/"),
    note=st.none() | st.just("Proszę sprawdzić"),
    demonstration=st.booleans(),
)
STEPS = st.builds(
    Step, before=st.none() | STATES, given=SENT, office=st.booleans(), is_open=st.booleans(), same=st.booleans()
)


def passes(step: Step) -> bool:
    try:
        check_step(step)
    except Problem:
        return False
    return True


class TestSteps:
    @given(STEPS)
    def test_that_a_partner_takes_lead_from_its_own_draft_no_further_than_submitted(self, step: Step) -> None:
        if passes(step) and not step.office:
            assert step.before in {None, "draft"}
            assert step.given.state in {"draft", "submitted"}
            assert step.is_open

    @given(STEPS)
    def test_never_verify_what_rests_on_nothing(self, step: Step) -> None:
        if passes(step) and step.given.state == "verified":
            assert step.given.evidence or step.given.evidence_url
            assert any(value is not None for value in step.given.values.values())

    @given(STEPS)
    def test_never_change_what_was_verified_without_a_word(self, step: Step) -> None:
        if passes(step) and step.before == "verified":
            assert (step.same and step.given.state == "verified") or (
                step.given.state == "draft" and step.given.note is not None
            )

    def test_are_shown_by_valid_examples(self) -> None:
        for shape in (AnswerIn, AnswerRead, ValueRead):
            extra = shape.model_config["json_schema_extra"]
            assert isinstance(extra, dict)
            examples = extra["examples"]
            assert isinstance(examples, list)
            shape.model_validate(examples[0])

    @pytest.mark.parametrize("office", [True, False])
    def test_that_begin_are_drafts_or_submissions(self, office: bool) -> None:
        for state in ("draft", "submitted"):
            sent = AnswerIn(values={"sales": Decimal(1)}, state=state)
            assert passes(Step(before=None, given=sent, office=office, is_open=True))
