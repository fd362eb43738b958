"""What pictures are asked for with."""

from pydantic import Field

from klaster_indicators.series.schemas import SeriesParameters


class ChartParameters(SeriesParameters):
    """Which chart is asked for, and how large."""

    width: int = Field(720, ge=480, le=1600, description="In pixels")
    height: int = Field(420, ge=300, le=1200, description="In pixels")


class SparklineParameters(SeriesParameters):
    """Which sparkline is asked for, and how large."""

    width: int = Field(120, ge=40, le=600, description="In pixels")
    height: int = Field(32, ge=16, le=200, description="In pixels")
