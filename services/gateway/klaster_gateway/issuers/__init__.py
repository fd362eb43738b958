"""OpenID Connect: access tokens of configured issuers, and what they say of whoever holds them."""
