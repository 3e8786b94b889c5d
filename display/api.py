"""The API of the display: the board."""

from __future__ import annotations

from flask import Response

from server.web import identity
from server.web.api import SECURED, answer, api_blueprint, guarded
from server.web.schemas import BoardAnswer

api = api_blueprint("board", "The hall as everyone in it may see it.")


@api.get("/board", summary="The public snapshot", responses={200: BoardAnswer, **guarded()}, security=SECURED)
def get_board() -> Response:
    """The same that the socket sends to displays."""
    identity.permitted("see the board")
    unit = identity.unit()
    with unit.reading() as conn:
        return answer(unit.hall.board(conn, unit.now()))
