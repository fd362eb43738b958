"""Serves the gateway: `python -m klaster_gateway`."""

import klaster_shared.lean  # noqa: F401 # before all else

# isort: split
from klaster_gateway.main import create_app, create_door
from klaster_gateway.served import protocol_of
from klaster_gateway.settings import Settings
from klaster_shared.server import serve

if __name__ == "__main__":
    settings = Settings()
    app = create_app(settings)
    door = create_door(app)
    serve(app, settings, asgi=door, protocol=protocol_of(door, settings))
