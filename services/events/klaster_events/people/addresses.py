"""E-mail addresses: which of them are one person's."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

_ADDRESS = re.compile(r"^[^@\s<>,;:\"]{1,64}@(?:[^@\s.<>,;:\"]{1,63}\.)+[^@\s.<>,;:\"]{2,63}$")
# Of these alone it is known that dots and what follows a plus do not matter. Elsewhere they may be two people.
_DOTS_DO_NOT_MATTER = frozenset({"gmail.com", "googlemail.com"})


def _checked(address: str) -> str:
    if not _ADDRESS.match(address):
        raise ValueError("this is not an e-mail address")
    return address


def _lowered(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


EmailAddress = Annotated[
    str, BeforeValidator(_lowered), AfterValidator(_checked), Field(max_length=254, examples=["ada@example.org"])
]
"""An address, lower-cased."""


def address_key(address: str) -> str:
    """What is equal for all spellings of one person's address."""
    local, _, domain = address.strip().lower().rpartition("@")
    if domain in _DOTS_DO_NOT_MATTER:
        return f"{local.split('+')[0].replace('.', '')}@gmail.com"
    return f"{local}@{domain}"
