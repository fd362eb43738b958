"""What exports are asked for with."""

from typing import Literal

from pydantic import BaseModel, Field

from klaster_shared.dates import Moment

Format = Literal["csv", "xlsx", "sdmx-csv", "iati"]
MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "sdmx-csv": "application/vnd.sdmx.data+csv;version=2.0.0",
    "iati": "application/xml",
}


class ExportParameters(BaseModel):
    """What goes out, and how; repeated parameters mean any of them."""

    format: Format | None = Field(None, description="Wins over Accept; csv where neither says anything")
    edition: str | None = Field(None, max_length=60, description="Code of an edition; the one in force by default")
    path: list[str] = Field(default_factory=list, max_length=20, description="Number or code: `1`, `entities`")
    level: list[str] = Field(default_factory=list, max_length=10, description="`B` or `C`")
    known_at: Moment | None = Field(
        None, description="By what we had recorded at that instant, with its offset; now by default"
    )


def format_of(parameters: ExportParameters, accept: str | None) -> Format:
    """The format asked for, by parameter or by the Accept header."""
    if parameters.format is not None:
        return parameters.format
    wanted = [item.split(";")[0].strip().lower() for item in (accept or "").split(",")]
    known: dict[str, Format] = {media.split(";")[0]: name for name, media in MEDIA_TYPES.items()}
    return next((known[media] for media in wanted if media in known), "csv")
