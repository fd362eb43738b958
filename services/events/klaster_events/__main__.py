"""Serves events: `python -m klaster_events`."""

from klaster_events.main import create_app
from klaster_events.settings import Settings
from klaster_shared.server import serve

if __name__ == "__main__":
    settings = Settings()
    serve(create_app(settings), settings)
