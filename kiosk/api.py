"""The API of the kiosk: tickets, and a visit as its holder sees it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app

from server.clock import rfc3339
from server.printing import Printing
from server.visits import VISITOR, Order, TicketLook, look_at_visit
from server.web import identity
from server.web.api import OPEN, SECURED, answer, api_blueprint, guarded, once, problems
from server.web.language import written_datetime
from server.web.schemas import Nothing, PrintingAnswer, ReprintOrder, TicketAnswer, TicketOrder, VisitAnswer, VisitPath

api = api_blueprint("tickets", "Tickets, and visits as their holders see them.")


@api.post("/tickets", summary="Give a ticket", responses={201: TicketAnswer, **guarded(404, 409)}, security=SECURED)
def issue_ticket(body: TicketOrder) -> Response:
    """Allocates the next number, on the disk before the answer, and owes a slip to the kiosk's printer."""
    principal = identity.permitted("issue a ticket")
    unit = identity.unit()
    printers = unit.settings.printer_of(principal.name), unit.settings.second_printer_of(principal.name)
    order = Order(body.service, body.language, body.priority, *printers, appointment=body.appointment)
    return answer(_ticket(unit.visits.issue(order, principal.caller(), once())), 201)


@api.get("/visits/<visit>", summary="A visit's state", responses={200: VisitAnswer, **problems(404)}, security=OPEN)
def get_visit(path: VisitPath) -> Response:
    """For whoever holds the visit's id: state, people ahead, counter when called."""
    unit = identity.unit()
    with unit.reading() as conn:
        return answer(look_at_visit(conn, path.visit, unit.estimates, unit.now()))


@api.post(
    "/visits/<visit>/reprint",
    summary="Print a ticket again",
    responses={201: PrintingAnswer, **guarded(404, 409)},
    security=SECURED,
)
def reprint(path: VisitPath, body: ReprintOrder) -> Response:
    """Marked as a duplicate in the ticket's language; for a ticket that may not have come out."""
    caller = identity.permitted("print a ticket again").caller()
    printing: Printing = current_app.extensions["istiqbal.printing"]
    return answer(printing.reprint(path.visit, body.printer, caller, once()), 201)


@api.post("/visits/<visit>/cancel", summary="Give a visit up", responses={200: VisitAnswer, **problems(404, 409)}, security=OPEN)
def cancel_visit(path: VisitPath, body: Nothing) -> Response:
    """The visitor leaves before being called."""
    return answer(identity.unit().visits.cancel(path.visit, VISITOR, once()))


@api.post(
    "/visits/<visit>/more-time",
    summary="Go back to the queue",
    responses={200: VisitAnswer, **problems(404, 409)},
    security=OPEN,
)
def more_time(path: VisitPath, body: Nothing) -> Response:
    """The visitor was called but can't come yet: back to the end of the queue, once."""
    return answer(identity.unit().visits.more_time(path.visit, VISITOR, once()))


def _ticket(look: TicketLook) -> dict[str, Any]:
    """A ticket as the kiosk shows it, its date written in the citizen's language."""
    unit = identity.unit()
    issued = datetime.fromtimestamp(look["issued_at"] / 1000, UTC)
    return {
        **look,
        "issued_at": rfc3339(look["issued_at"]),
        "issued_text": written_datetime(issued, look["language"], unit.settings.unit.timezone),
    }
