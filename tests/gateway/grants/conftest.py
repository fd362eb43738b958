"""As for issuers: grants mean something to those who come with their tokens."""

from tests.gateway.issuers.conftest import issuer, with_issuer

__all__ = ["issuer", "with_issuer"]
