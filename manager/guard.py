"""Who asks on the manager's pages."""

from __future__ import annotations

from flask import abort

from server.access import Principal
from server.web import identity


def signed_in() -> Principal:
    """The manager who asks. Others never get here: `identity.enforce` leads them to the sign-in before."""
    who = identity.asking("manager")
    if who is None:
        abort(401)
    return who
