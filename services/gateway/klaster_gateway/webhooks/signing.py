"""Secrets, and the headers that Standard Webhooks asks for."""

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime

from standardwebhooks import Webhook as Signer

_BYTES = 32


def new_secret() -> str:
    """256 random bits as receivers' libraries read them."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signed_headers(message_id: str, body: str, *, now: datetime, with_secrets: Iterable[str]) -> dict[str, str]:
    """Id, time and a signature for each secret: while one replaces another, either verifies."""
    signatures = (Signer(secret).sign(message_id, now, body) for secret in with_secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
        "content-type": "application/json",
        "user-agent": "klaster-webhooks",
    }
