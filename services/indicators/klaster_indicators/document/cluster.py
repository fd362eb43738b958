"""What the document says of the cluster itself: the edition, the organisation, groups, rules, networks, sources."""

from typing import Literal

from pydantic import Field, StrictInt

from klaster_indicators.document.parts import (
    BilingualText,
    Code,
    IndicatorCode,
    Label,
    Link,
    Part,
    PathNumber,
    Text,
    Year,
)
from klaster_shared.dates import Day


class Plan(Part):
    """The yearly plan that carries an edition out."""

    code: Code
    from_: Day = Field(alias="from")
    to: Day
    title: Label


class UpdateCycle(Part):
    """How often the document is renewed."""

    every: Code
    plan: Plan | None = None


class Method(Label):
    """The method that the document follows."""

    link: Link | None = None


class Edition(Part):
    """Which strategy this is, and the years that its columns mean."""

    code: Code
    title: Label
    adopted: Day | None = Field(None, description="Absent: a draft")
    collected_on: list[Day] | None = Field(
        None, description="Days of the editions that it goes back to: a figure of such a year is of that day"
    )
    mission: Label
    vision: Label
    vision_year: Year
    baseline_year_programme: Year
    baseline_year_effect: Year
    target_year: Year
    update_cycle: UpdateCycle | None = None
    review_body: Label | None = None
    method: Method | None = None
    coordinator: Label | None = None


class Region(Part):
    country: Code
    iso_3166_2: Code
    name: Label


class Seat(Part):
    street: Text
    postal_code: Text
    city: Text
    place: Text | None = None


class Phone(Part):
    phone: Text
    fax: Text | None = None
    where: Text | None = None


class Contact(Part):
    email: Text
    web: Link
    phones: list[Phone] = Field(default_factory=list)


class Financing(Part):
    pl: list[Text]
    en: list[Text]
    note: Text | None = None


class Organisation(Part):
    """The cluster as an organisation."""

    founded: Day
    founding_members: StrictInt
    founding_agreement: Label
    leader_at_founding: Text
    region: Region
    seat: Seat
    contact: Contact
    financing: Financing | None = None


class InterestGroup(Part):
    """A group of entities by their core activity."""

    code: Code
    printed: Text
    also_printed: Text | None = None
    name: Label
    process: Code | None = None


class FieldOfLifeScience(Part):
    """A field that the document names."""

    code: Code
    name: Label


class SpecialInterestGroup(Part):
    """A special interest group (SIG) that the document names."""

    code: Code
    printed: Text | None = None
    name: Label
    path: PathNumber


class Rule(BilingualText):
    """A rule that registers, figures and services have to keep."""

    status: Literal["open"] | None = Field(None, description="open: the document leaves it undefined")


class Network(Part):
    """A network, programme or body that the document names."""

    code: Code
    name: Text
    printed: Text | None = None
    also_printed: Text | None = None
    kind: Code
    note: Text | None = None


class VerificationLink(Part):
    """An address of a source whose row is not clear, or a row whose address is missing."""

    url: Link | None
    page: StrictInt
    position: list[StrictInt] | None = None
    candidates: list[IndicatorCode]
    note: Text | None = None
