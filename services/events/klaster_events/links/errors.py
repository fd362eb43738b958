"""What can go wrong with links."""

from klaster_shared.errors import NotFound


class LinkRefused(NotFound):
    code, title = "link_refused", "This link opens nothing"
