"""Serves the registry: `python -m klaster_registry`."""

import klaster_shared.lean  # noqa: F401 # before all else

# isort: split
from klaster_registry.main import create_app
from klaster_registry.settings import Settings
from klaster_shared.server import serve

if __name__ == "__main__":
    settings = Settings()
    serve(create_app(settings), settings)
