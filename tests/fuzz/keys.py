"""Who asks: a key for each role, made at the door like any other."""

import httpx

ROLES = ("anonymous", "integrator", "partner", "device", "office", "admin")


def key_of(role: str, *, url: str, admin_key: str) -> str | None:
    """A new key of `role` (a partner's speaks for the first registered entity); None for strangers."""
    if role == "anonymous":
        return None
    with httpx.Client(
        base_url=url, headers={"Authorization": f"Bearer {admin_key}"}, timeout=30, trust_env=False
    ) as client:
        wanted: dict[str, str] = {"name": f"fuzz {role}", "role": role}
        if role == "partner":
            found = client.get("/v1/entities", params={"registration": "registered", "limit": 1})
            wanted["entity"] = found.raise_for_status().json()["items"][0]["id"]
        made = client.post("/v1/keys", json=wanted)
        return str(made.raise_for_status().json()["key"])
