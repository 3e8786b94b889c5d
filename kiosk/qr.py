"""A QR code as an SVG answer, for phones held before a screen."""

from __future__ import annotations

import io

import segno
from flask import Response, make_response

BORDER = 3


def code(address: str) -> Response:
    """The picture of an address; never kept by a cache."""
    out = io.BytesIO()
    segno.make_qr(address, error="m", boost_error=False).save(out, kind="svg", border=BORDER, light="#ffffff", scale=8)
    response = make_response(out.getvalue())
    response.mimetype = "image/svg+xml"
    response.headers["Cache-Control"] = "no-store"
    return response
