"""The files that displays show beside the calls, as displays and the manager's page fetch them."""

from __future__ import annotations

from flask import Response, abort, send_file

from server import media
from server.web import identity
from server.web.pages import YEAR

POLICY = "default-src 'none'; sandbox"
"""Opened by itself a file can do nothing, whatever is in it."""
TYPES = {".webp": "image/webp", ".mp4": "video/mp4", ".webm": "video/webm"}


def medium(name: str) -> Response:
    """A picture or a film; its name names its content, so it may be kept for ever, by this browser alone."""
    identity.permitted("see the media")
    path = media.path_of(identity.unit().folder, name)
    if path is None:
        abort(404)
    response = send_file(path.resolve(), mimetype=TYPES[path.suffix], conditional=True)
    response.headers["Cache-Control"] = f"private, max-age={YEAR}, immutable"
    response.headers["Content-Security-Policy"] = POLICY
    return response
