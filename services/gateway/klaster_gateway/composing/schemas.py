"""What composed pages share on the wire: a section holds its content, or the problem that keeps it away."""

from typing import Generic, TypeVar

from pydantic import BaseModel, Field

Content = TypeVar("Content")


class SectionProblem(BaseModel):
    """Why a section is missing: a problem document in small."""

    type: str = Field(examples=["/problems/unavailable"])
    title: str
    status: int
    detail: str
    code: str
    service: str | None


class Section(BaseModel, Generic[Content]):
    """One part of the page."""

    content: Content | None = Field(description="Null where the part is missing: then `problem` says why")
    problem: SectionProblem | None
    link: str = Field(description="Where the whole of it is")


class Listed(BaseModel, Generic[Content]):
    """The first records of a list."""

    items: list[Content]
    total: int | None = Field(None, description="How many there are; null where that is not counted")
    next: str | None = Field(None, description="Cursor of the next page of the list behind `link`")
