"""The manifest: where everything is, as whoever asks from outside can reach it."""

from typing import Any

from klaster_registry.reconciliation.properties import EVERYTHING
from klaster_registry.reconciliation.schemas import BATCH_SIZE
from klaster_shared.labels import Language

BASE = "/v1/registry/reconcile"
_WIDTH, _HEIGHT = 420, 320  # pixels: names, and half a dozen lines of what tells it from others


def manifest(*, public_url: str, language: Language) -> dict[str, Any]:
    """The manifest of the service behind a public address."""
    root = public_url.rstrip("/")
    base = f"{root}{BASE}"
    polish = language == "pl"

    def suggesting(what: str) -> dict[str, str]:
        return {
            "service_url": base,
            "service_path": f"/suggest/{what}",
            "flyout_service_path": f"/flyout/{what}/${{id}}",
        }

    return {
        "versions": ["0.2"],
        "name": "Regionalna baza wiedzy klastra" if polish else "The cluster's regional knowledge base",
        "identifierSpace": f"{root}/v1/entities/",
        "schemaSpace": f"{base}/properties",
        "documentation": f"{root}/docs",
        "defaultTypes": [{"id": EVERYTHING, "name": everything(language)}],
        "view": {"url": f"{base}/preview/{{{{id}}}}"},
        "feature_view": {"url": f"{base}/features/{{{{id}}}}"},
        "preview": {"url": f"{base}/preview/{{{{id}}}}", "width": _WIDTH, "height": _HEIGHT},
        "suggest": {what: suggesting(what) for what in ("entity", "type", "property")},
        "extend": {
            "propose_properties": {"service_url": base, "service_path": "/properties"},
            "property_settings": [
                {
                    "name": "limit",
                    "label": "Liczba wartości" if polish else "Number of values",
                    "type": "number",
                    "default": 0,
                    "help_text": "0: wszystkie" if polish else "0: all of them",
                }
            ],
        },
        "batchSize": BATCH_SIZE,
    }


def everything(language: Language) -> str:
    """The name of the type that every entity has."""
    return "Organizacja" if language == "pl" else "Organisation"
