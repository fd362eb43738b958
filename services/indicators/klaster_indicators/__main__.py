"""Serves the indicators: `python -m klaster_indicators`."""

import klaster_shared.lean  # noqa: F401 # before all else

# isort: split
from klaster_indicators.main import create_app
from klaster_indicators.settings import Settings
from klaster_shared.server import serve

if __name__ == "__main__":
    settings = Settings()
    serve(create_app(settings), settings)
