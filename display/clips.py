"""The voice's clips, as displays and the manager's page fetch them."""

from __future__ import annotations

from flask import Response, abort, current_app, request

from server.voice.clips import Library
from server.web import identity
from server.web.pages import YEAR


def clip(name: str) -> Response:
    """A clip that is played now; its address names its content, so it may be kept for ever."""
    identity.permitted("see the board")
    library: Library = current_app.extensions["istiqbal.voice"]
    found = library.find(name)
    if found is None:
        abort(404)
    response = Response(found.path.read_bytes(), mimetype="audio/ogg")
    if request.args.get("v") == found.digest:
        response.cache_control.public = True
        response.cache_control.max_age = YEAR
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    return response
