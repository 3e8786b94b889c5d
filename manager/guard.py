"""Who may see the manager's pages."""

from __future__ import annotations

from urllib.parse import quote

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from server.access import Principal
from server.web import identity


def signed_in() -> Principal:
    """The manager who asks; without one the answer is 401."""
    who = identity.asking("manager")
    if who is None:
        abort(401)
    return who


def to_sign_in() -> Response:
    """To the sign-in page, and back here after it."""
    return redirect(f"/sign-in?next={quote(request.path)}")
