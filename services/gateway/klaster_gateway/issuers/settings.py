"""What is configured of an issuer."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

# Signatures with keys that issuers publish; never a shared secret, never `none`.
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
ClaimedRole = Literal["integrator", "office", "admin"]
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _secure(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError("an issuer is reached over https")
    if parts.query or parts.fragment:
        raise ValueError("an issuer has neither query nor fragment")
    return url


class IssuerSettings(BaseModel):
    """One issuer whose access tokens are believed, and which of its roles are which of ours."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: Annotated[str, AfterValidator(_secure)] = Field(description="As its tokens and its discovery document say")
    audience: str = Field(min_length=1, description="What its tokens for us name in `aud`")
    algorithms: list[Algorithm] = Field(
        ["RS256", "ES256", "Ed25519"], min_length=1, description="What its tokens may be signed with"
    )
    token_types: list[Literal["at+jwt", "JWT"]] = Field(
        ["at+jwt"],
        min_length=1,
        description="`typ` of its access tokens; `JWT` for issuers that do not follow RFC 9068, like Microsoft Entra",
    )
    roles_claim: str = Field("roles", description="Where its tokens hold roles: `roles`, `realm_access.roles`")
    roles: dict[str, ClaimedRole] = Field({}, description="Its roles that mean one of ours; others mean nothing here")
