"""Figures over HTTP: definitions from a file that is read, and refused where wrong, as the service starts."""

from pathlib import Path

from klaster_events.figures.operations import COUNTABLE
from klaster_shared.figure_routes import figures_router, load_figures

DEFINITIONS = load_figures(Path(__file__).with_name("figures.yaml"), COUNTABLE)
router = figures_router("events", definitions=DEFINITIONS, countable=COUNTABLE)
