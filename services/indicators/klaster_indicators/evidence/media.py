"""Which files are taken as evidence, and whether they are what they are called; nothing here opens them."""

from klaster_shared.errors import Invalid, UnsupportedMediaType

_PACKED = b"PK\x03\x04"  # office documents are zip archives
SIGNATURES: dict[str, bytes] = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _PACKED,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _PACKED,
    "application/vnd.oasis.opendocument.spreadsheet": _PACKED,
    "application/vnd.oasis.opendocument.text": _PACKED,
}
TEXTS = ("text/csv", "text/plain")
TAKEN = (*SIGNATURES, *TEXTS)


def media_of(content_type: str | None) -> str:
    """What kind of file it is said to be; raises UnsupportedMediaType."""
    media = (content_type or "").partition(";")[0].strip().lower()
    if media not in TAKEN:
        raise UnsupportedMediaType(f"Evidence is one of: {', '.join(TAKEN)}")
    return media


def require_kind(content: bytes, media: str) -> None:
    """Refuse a file that is empty, or something else than it is called; raises Invalid."""
    if not content:
        raise Invalid("The file is empty")
    if media in SIGNATURES:
        if not content.startswith(SIGNATURES[media]):
            raise Invalid(f"The file is no {media}")
    elif b"\0" in content:
        raise Invalid("A text with NUL characters is no text")
