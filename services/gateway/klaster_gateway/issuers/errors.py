"""What can be wrong with an access token."""

from klaster_shared.errors import Unauthenticated, Unavailable


class TokenRefused(Unauthenticated):
    code, title = "token_refused", "This access token is not good here"


class IssuerAway(Unavailable):
    code, title = "issuer_away", "The issuer of this access token cannot be asked for its keys"
