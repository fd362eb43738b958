"""The service's composition root."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import FastAPI

from klaster_indicators.background import build_background
from klaster_indicators.charts.gallery import Gallery
from klaster_indicators.charts.routes import router as charts_router
from klaster_indicators.database import METADATA, open_database
from klaster_indicators.drafts.routes import router as drafts_router
from klaster_indicators.evidence.routes import router as evidence_router
from klaster_indicators.exports.routes import router as exports_router
from klaster_indicators.imports.routes import router as imports_router
from klaster_indicators.indicators.routes import router as indicators_router
from klaster_indicators.live.measures import LIVE
from klaster_indicators.live.routes import router as live_router
from klaster_indicators.observations.routes import router as observations_router
from klaster_indicators.paths.routes import router as paths_router
from klaster_indicators.plans.routes import router as plans_router
from klaster_indicators.quality.routes import router as quality_router
from klaster_indicators.report.routes import router as report_router
from klaster_indicators.reviews.routes import router as reviews_router
from klaster_indicators.scorecard.routes import router as scorecard_router
from klaster_indicators.series.routes import router as series_router
from klaster_indicators.settings import Settings
from klaster_indicators.strategy.routes import router as strategy_router
from klaster_indicators.units.routes import router as units_router
from klaster_shared.app import build_app
from klaster_shared.children.child import Child
from klaster_shared.dates import utc_now
from klaster_shared.feed_routes import changes_router


def create_app(settings: Settings) -> FastAPI:
    """The service: its routes, its jobs, and the two neighbours it asks.

    The neighbours' connections open with the first question and close after the jobs have stopped asking.
    """
    database = open_database(settings.database_url)
    background = build_background(database, settings)
    gallery = Gallery()
    sheets = Child("klaster_shared.sheets", seconds=30.0)
    workbooks = Child("klaster_indicators.exports.workbook", seconds=60.0)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await gallery.aclose()
        await workbooks.aclose()
        await sheets.aclose()
        await background.aclose()

    app = build_app(
        service="indicators",
        title="klaster indicators",
        summary="The strategy as a living instrument",
        description="Editions, paths, indicators and their observations, live figures, and the scorecard.",
        settings=settings,
        metadata=METADATA,
        database=database,
        routers=[
            strategy_router,
            drafts_router,
            paths_router,
            live_router,
            indicators_router,
            observations_router,
            evidence_router,
            scorecard_router,
            quality_router,
            plans_router,
            units_router,
            reviews_router,
            series_router,
            charts_router,
            exports_router,
            imports_router,
            report_router,
            changes_router("indicators"),
        ],
        jobs=background.jobs,
        neighbours={name: source.check for name, source in background.sources.items()},
        measures=[LIVE],
        lifespan=lifespan,
    )

    app.state.gallery = gallery
    app.state.workbooks = workbooks
    app.state.sheets = sheets

    def requests_clock() -> datetime:
        now: datetime = getattr(app.state, "clock", utc_now)()
        return now

    background.refresher.clock = requests_clock
    return app
