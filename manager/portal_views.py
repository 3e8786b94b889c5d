"""The manager's page of the way to the portal: what is owed, when the portal was last heard, and what it refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from manager.guard import signed_in
from server.access import Principal
from server.clock import MS
from server.errors import N_
from server.revisions import note_change
from server.sync import certificates, line, outbox
from server.unit import Unit
from server.web import identity, pages
from server.web.language import in_language, reader_language, written_datetime

blueprint = Blueprint("portal", __name__, url_prefix="/portal")

NO_OBJECT = N_("This is not one JSON object: %(detail)s")
KINDS = {"portal": N_("Event"), "submission": N_("Submission")}


@blueprint.get("")
def state() -> AnyResponse:
    """The line and the list of what was refused."""
    with identity.unit().reading() as conn:
        seen, refused, contact = line.look(conn), outbox.refused(conn), line.remembered(conn, "contact")
        oldest = outbox.oldest_pending(conn)
    return pages.page(
        "manager/portal.html",
        who=signed_in(),
        portal=identity.unit().settings.portal,
        seen=seen,
        contact=contact and _local(contact),
        oldest=oldest and _local(oldest),
        fault=_fault(seen["fault"]),
        certificate=_certificate_fault(),
        refused=[(one, KINDS[one.kind], _local(one.created_at)) for one in refused],
        tried="tried" in request.args,
    )


@blueprint.post("/try")
def try_now() -> AnyResponse:
    """Forget the pause: the line is tried within a second."""
    signed_in()
    if (worker := current_app.extensions["istiqbal.line"]) is not None:
        worker.try_now()
    return redirect("/manager/portal?tried")


@blueprint.get("/<int:delivery>")
def refused(delivery: int) -> AnyResponse:
    """One refused delivery, to read and to mend."""
    return _refused_page(delivery)


@blueprint.post("/<int:delivery>")
def decide(delivery: int) -> AnyResponse:
    """Send it again, mended or as it was, or give it up; noted in the journal."""
    who = signed_in()
    text = request.form.get("data")
    data = None
    if text is not None and request.form.get("action") == "mend":
        try:
            data = json.loads(text)
            if not isinstance(data, dict):
                raise ValueError("{…}")
        except ValueError as error:
            return _refused_page(delivery, text, in_language(reader_language().code, NO_OBJECT, detail=str(error)))
    give_up = request.form.get("action") == "give-up"
    unit = identity.unit()
    unit.writer.run(lambda conn: _decide(unit, conn, who, delivery, data, give_up=give_up))
    return redirect("/manager/portal")


def _decide(unit: Unit, conn: Any, who: Principal, delivery: int, data: dict[str, Any] | None, *, give_up: bool) -> None:
    before = outbox.give_up(conn, delivery) if give_up else outbox.send_again(conn, delivery, data)
    was: dict[str, Any] = {"state": before.state, "error": before.error}
    becomes: dict[str, Any] = {"state": "given_up" if give_up else "pending"}
    if data is not None:
        was["data"], becomes["data"] = before.payload["data"], data
    note_change(conn, unit.journal, who.caller().id, "portal delivery", str(delivery), was, becomes)


def _refused_page(delivery: int, text: str | None = None, fault: str | None = None) -> AnyResponse:
    with identity.unit().reading() as conn:
        one = outbox.refused_one(conn, delivery)
    mendable = one.kind == outbox.EVENT
    return pages.page(
        "manager/portal_refused.html",
        status=422 if fault else 200,
        who=signed_in(),
        one=one,
        kind=KINDS[one.kind],
        made=_local(one.created_at),
        text=text or (json.dumps(one.payload["data"], ensure_ascii=False, indent=2) if mendable else None),
        fault=fault,
    )


def _fault(found: dict[str, Any] | None) -> str | None:
    if found is None:
        return None
    message = found["message"]
    return in_language(reader_language().code, message, **found["params"])


def _certificate_fault() -> str | None:
    portal = identity.unit().settings.portal
    if portal.certificate is None:
        return None
    validity = certificates.read(identity.unit().folder / portal.certificate)
    fault = validity.fault(datetime.now(UTC))
    return fault and in_language(reader_language().code, fault, **validity.params())


def _local(at: int) -> str:
    moment = datetime.fromtimestamp(at / MS, UTC)
    return written_datetime(moment, reader_language().code, identity.unit().settings.unit.timezone)
