"""The voice's clips, as displays and the manager's page fetch them."""

from __future__ import annotations

from flask import Response, abort, current_app, request, send_file

from server.voice.clips import Clip, Library
from server.web import identity
from server.web.pages import YEAR


def clip(name: str) -> Response:
    """A clip that is played now; its address names its content, so it may be kept for ever."""
    identity.permitted("see the board")
    library: Library = current_app.extensions["istiqbal.voice"]
    found: Clip | None = library.find(name)
    if found is None:
        abort(404)
    named = request.args.get("v") == found.digest
    response = send_file(found.path, mimetype="audio/ogg", max_age=YEAR if named else 0)
    if named:
        response.cache_control.immutable = True
    return response
