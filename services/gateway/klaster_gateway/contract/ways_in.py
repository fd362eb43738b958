"""How callers prove who they are, and the scope that each operation needs."""

from typing import Any

SCHEMES: dict[str, Any] = {
    "ApiKey": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "klk_...",
        "description": "A key made at `/v1/keys`: shown once, kept as a hash, revoked within a second",
    },
    "AccessToken": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": (
            "An access token (RFC 9068) of an OpenID Connect issuer that is configured; signature, algorithm, audience "
            "and times are checked as RFC8725 asks"
        ),
    },
}


def name_ways_in(document: dict[str, Any]) -> None:
    """Each operation with the scope it needs (3.1 lets every scheme name some); what is public says so by `{}`."""
    document["components"]["securitySchemes"] = dict(SCHEMES)
    for item in document["paths"].values():
        for operation in item.values():
            needed = [{name: [operation["x-klaster-scope"]]} for name in SCHEMES]
            operation["security"] = [{}, *needed] if operation["x-klaster-role"] == "anonymous" else needed


def name_tags(document: dict[str, Any]) -> None:
    """Every tag that an operation carries, once, in alphabetical order."""
    used = {tag for item in document["paths"].values() for operation in item.values() for tag in operation["tags"]}
    told = {tag["name"]: tag for tag in document["tags"]}
    document["tags"] = [told.get(name, {"name": name}) for name in sorted(used)]
