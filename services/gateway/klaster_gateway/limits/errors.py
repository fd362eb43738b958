"""What limits refuse."""

from klaster_shared.errors import Problem, TooManyRequests, Unavailable


class RateExceeded(TooManyRequests):
    code, title = "rate_exceeded", "You have asked too often"


class TooManyAtOnce(TooManyRequests):
    code, title = "too_many_at_once", "Too many of your requests are under way"


class ServiceBusy(Unavailable):
    code, title = "service_busy", "The service behind this path has enough to do"


class TooSlow(Problem):
    code, status, title = "too_slow", 408, "The request came too slowly"
