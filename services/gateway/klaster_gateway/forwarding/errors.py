"""What can go wrong between the caller, the gateway and a service."""

from klaster_shared.errors import Malformed, Problem, Unavailable, UpstreamFailed, UpstreamTimeout


class HeadersTooLarge(Problem):
    code, status, title = "headers_too_large", 431, "The headers are larger than we take"


class TargetTooLong(Problem):
    code, status, title = "target_too_long", 414, "The path and query are longer than we take"


class AmbiguousLength(Malformed):
    code, title = "ambiguous_length", "The request says in two ways how long its body is"


class ServiceDown(Unavailable):
    code, title = "service_down", "The service behind this path does not answer"


class ServiceSilent(UpstreamTimeout):
    code, title = "service_silent", "The service behind this path did not answer in time"


class ServiceGarbled(UpstreamFailed):
    code, title = "service_garbled", "The service behind this path gave an answer that makes no sense"


class ServiceRefusesGateway(UpstreamFailed):
    code, title = "service_refuses_gateway", "The service behind this path does not believe the gateway"


class ClientGone(Exception):  # noqa: N818 # nobody is left to be told
    """The client left before its request was complete."""
