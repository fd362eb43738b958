"""What can go wrong with links."""

from klaster_shared.errors import NotFound, Problem


class LinkRefused(NotFound):
    code, title = "link_refused", "This link opens nothing"


class LinkExpired(Problem):
    code, status, title = "link_expired", 410, "This link opens nothing any more"
