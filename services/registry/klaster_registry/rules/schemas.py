"""Wire shapes of the report on rules."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from klaster_registry.rules.definitions import How, Origin
from klaster_shared.labels import LabelText


class GroupActivityRead(BaseModel):
    """What a special interest group does on the day, without a verdict."""

    code: str
    name: LabelText
    members: int
    projects: int = Field(description="Running on the day")
    members_rows: str
    projects_rows: str


class RuleRead(BaseModel):
    """A rule, how it is kept, and who breaks it."""

    code: str
    origin: Origin = Field(description="The strategy's, or the register's own")
    how: How = Field(
        description="enforced: what breaks it is refused; reported: listed; open: the document leaves it open; "
        "by_design: kept by what is, or is not, offered"
    )
    rule: LabelText
    explanation: LabelText
    as_of: date
    breaking: int | None = Field(description="How many rows break it on the day; null where nothing can be counted")
    rows: str | None = Field(description="The list of exactly these rows")
    demonstration: int | None = Field(description="How many of these rows are demonstration data")
    reason: LabelText | None = Field(description="Why nothing is counted")
    groups: list[GroupActivityRead] | None = Field(description="For the rule on active groups: what each of them does")
    see: list[str] = Field(description="Lists that show it")


class RulesRead(BaseModel):
    """All rules, on one day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "code": "partner_in_sig",
                            "origin": "strategy",
                            "how": "enforced",
                            "rule": "Every partner of the cluster is assigned to at least one special interest group",
                            "explanation": "Signing without a group, and leaving the last one, are refused",
                            "as_of": "2022-12-31",
                            "breaking": 2,
                            "rows": "/v1/entities?partner=true&in_group=false&as_of=2022-12-31",
                            "demonstration": 0,
                            "reason": None,
                            "groups": None,
                            "see": [],
                        }
                    ]
                }
            ]
        }
    )

    items: list[RuleRead]
