"""The API of the display: the board."""

from __future__ import annotations

from flask import Response

from server import setup
from server.hall import shown
from server.web import identity
from server.web.api import SECURED, answer, api_blueprint, guarded
from server.web.schemas import BoardAnswer

api = api_blueprint("board", "The hall as everyone in it may see it.")


@api.get("/board", summary="The public snapshot", responses={200: BoardAnswer, **guarded()}, security=SECURED)
def get_board() -> Response:
    """The same that the socket sends to displays; a kiosk or a display gets what the manager chose for it."""
    who = identity.permitted("see the board")
    unit = identity.unit()
    with unit.reading() as conn:
        board = unit.hall.board(conn, unit.now())
        return answer(shown(board, setup.shown_on(conn, who.role, who.name)))
