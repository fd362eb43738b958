"""Serves the gateway: `python -m klaster_gateway`."""

import klaster_shared.lean  # noqa: F401 # before all else

# isort: split
from klaster_gateway.limits.slow import patient_protocol
from klaster_gateway.main import create_app, create_door
from klaster_gateway.settings import Settings
from klaster_shared.server import serve

if __name__ == "__main__":
    settings = Settings()
    app = create_app(settings)
    protocol = patient_protocol(
        head=settings.slow_head_seconds, body=settings.slow_body_seconds, reader=settings.slow_reader_seconds
    )
    serve(app, settings, asgi=create_door(app), protocol=protocol)
