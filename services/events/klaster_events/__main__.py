"""Serves events: `python -m klaster_events`."""

import klaster_shared.lean  # noqa: F401 # before all else

# isort: split
from klaster_events.main import create_app
from klaster_events.settings import Settings
from klaster_shared.server import serve

if __name__ == "__main__":
    settings = Settings()
    serve(create_app(settings), settings)
