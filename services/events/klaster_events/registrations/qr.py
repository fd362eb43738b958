"""The code of a registration as a picture that the door reads."""

from io import BytesIO

import segno

_QUIET = 4  # modules of white around it: ISO/IEC 18004 asks for four


def qr_png(code: str) -> bytes:
    """As a picture for mails: many programs show no other kind."""
    out = BytesIO()
    _made(code).save(out, kind="png", scale=8, border=_QUIET)
    return out.getvalue()


def qr_svg(code: str) -> bytes:
    """As a picture that stays sharp at any size."""
    out = BytesIO()
    _made(code).save(
        out, kind="svg", scale=8, border=_QUIET, light="#fff", xmldecl=False, svgclass=None, lineclass=None
    )
    return out.getvalue()


def _made(code: str) -> segno.QRCode:
    return segno.make(code, micro=False, error="m")
