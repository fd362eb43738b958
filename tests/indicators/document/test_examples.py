"""The examples of the contract are strategies that would be taken in."""

import pytest
from pydantic import BaseModel

from klaster_indicators.document.checks import faults_of
from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.drafts.kinds import KINDS
from klaster_indicators.drafts.schemas import RemovedParts
from klaster_indicators.strategy.schemas import (
    EditionAdoption,
    EditionCopy,
    EditionRead,
    EditionsDiffRead,
    EditionSummary,
    EditionUpdate,
)

SENT = [EditionCopy, EditionAdoption, EditionUpdate, *(kind.shape for kind in KINDS), *(kind.change for kind in KINDS)]


def examples(shape: type[BaseModel]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = shape.model_json_schema()["examples"]
    return found


class TestExamples:
    @pytest.mark.parametrize("shape", [*SENT, EditionSummary, EditionRead, RemovedParts], ids=lambda one: one.__name__)
    def test_are_what_their_shapes_say(self, shape: type[BaseModel]) -> None:
        for example in examples(shape):
            shape.model_validate(example)

    def test_of_answers_name_every_field(self) -> None:
        [example] = examples(EditionsDiffRead)
        assert set(example) == {"from", "to", "counts", "items"}

    def test_of_documents_agree_with_themselves(self) -> None:
        [example] = examples(StrategyDocument)
        assert faults_of(StrategyDocument.model_validate(example)) == []
