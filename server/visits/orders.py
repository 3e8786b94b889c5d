"""What is asked for when a visit begins or goes on: a ticket, a transfer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from server import setup
from server.clock import Moment
from server.errors import ClerkNotThere, CounterNotOpen, NowhereToTransfer
from server.lifecycle import Desk, Leg
from server.visits import looks
from server.visits.caller import Caller
from server.visits.looks import PrintingLook


@dataclass(frozen=True, slots=True)
class Order:
    """What a citizen asks for; `printer` is to print the ticket, if any, `second_printer` takes over when it can't.

    `appointment` is the time of a convocation, `HH:MM` of today.
    """

    service: str
    language: str
    priority: str | None = None
    printer: str | None = None
    second_printer: str | None = None
    appointment: str | None = None


Admit = Callable[[Any, Moment, Order, Caller], None]
"""Raises a Refused when this caller may not give this ticket now; asked inside the transaction."""


def printing(order: Order) -> PrintingLook | None:
    if order.printer is None:
        return None
    return PrintingLook(printer=order.printer, state="queued", second=order.second_printer)


def destination(conn: Any, leg: Leg, data: dict[str, Any]) -> dict[str, Any]:
    """Where a transfer leads, checked: a service, a counter or a clerk, or several; an old note stays without a new one."""
    service, counter, clerk = data.get("service"), data.get("to_counter"), data.get("clerk")
    if service is None and counter is None and clerk is None:
        raise NowhereToTransfer
    target = setup.open_service(conn, service) if service else setup.service(conn, leg.service)
    if counter is not None:
        desk = looks.desk(conn, counter)
        if desk["state"] is Desk.CLOSED:
            raise CounterNotOpen(counter=desk["number"], action="transfer", state=str(desk["state"]))
    if clerk is not None and not conn.execute("SELECT 1 FROM counters WHERE clerk = ?", (clerk,)).fetchone():
        raise ClerkNotThere
    return {
        "service": target.id,
        "keep_place": target.keeps_place,
        "note": data.get("note") or leg.note,
        "for_counter": counter,
        "for_clerk": clerk,
    }
