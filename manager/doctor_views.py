"""The manager's page of the doctor: whether all is well, what to do where it is not, and a test slip for each printer."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response

from manager.guard import signed_in
from printers.status import PrinterStatus
from server.clock import MS
from server.errors import N_
from server.live import Live
from server.operations.doctor import devices
from server.operations.doctor.examining import Examination
from server.operations.doctor.findings import Finding
from server.printing import Printing
from server.printing.telling import in_words
from server.web import identity, pages
from server.web.language import in_language, reader_language, written_datetime

blueprint = Blueprint("doctor", __name__, url_prefix="/doctor")

SOON_S = 0.3
"""A look at a small unit is done by then, and the page that began it shows what it found."""
ORDER = ("fault", "warning", "good")
LEVELS = {"fault": N_("Fault"), "warning": N_("Warning"), "good": N_("Good")}
TAGS = {"fault": "tag--bad", "warning": "tag--wait", "good": "tag--good"}
TESTS = {
    "pending": N_("The test slip asked for at %(time)s waits for the printer."),
    "sending": N_("The test slip asked for at %(time)s is being printed."),
    "done": N_("The test slip of %(time)s was printed."),
    "unknown": N_("The test slip of %(time)s may have come out: look at the printer."),
    "failed": N_("The test slip of %(time)s was not printed."),
    "expired": N_("The test slip of %(time)s was not printed."),
}


@blueprint.get("")
def page() -> Response:
    """What the last look found; the first one begins by itself. Printers and displays are as they are at this moment."""
    who, examination = signed_in(), _examination()
    if examination.last is None:
        examination.begin()
        examination.wait(SOON_S)
    last = examination.last
    unit, language = identity.unit(), reader_language().code
    printing: Printing = current_app.extensions["istiqbal.printing"]
    with unit.reading() as conn:
        found = list(devices.displays(conn, _connected(), unit.now().at))
        tests = printing.tested(conn)
        printers = [_printer(name, status, tests, language) for name, status in printing.statuses().items()]
    told = [_told(finding, language) for finding in (*found, *(last.findings if last else ()))]
    for several in (told, printers):
        several.sort(key=lambda one: ORDER.index(one["level"]))
    return pages.page(
        "manager/doctor.html",
        who=who,
        findings=told,
        faulty=sum(one["level"] != "good" for one in (*told, *printers)),
        printers=printers,
        running=examination.running,
        looked_at=_local(last.at, language) if last else None,
        tested=request.args.get("tested"),
    )


@blueprint.post("")
def look() -> Response:
    """Look again."""
    signed_in()
    _examination().begin()
    _examination().wait(SOON_S)
    return redirect("/manager/doctor", 303)


@blueprint.post("/printers/<name>/test")
def test(name: str) -> Response:
    """Have a printer print a slip that says it is a test; raises UnknownPrinter."""
    printing: Printing = current_app.extensions["istiqbal.printing"]
    printing.test(name, reader_language().code, signed_in().caller())
    return redirect(f"/manager/doctor?{urlencode({'tested': name})}#printers", 303)


def _told(finding: Finding, language: str) -> dict[str, str]:
    sentence, remedy = finding.told(language, identity.unit().settings.unit.timezone)
    return {
        "level": finding.level,
        "word": in_language(language, LEVELS[finding.level]),
        "tag": TAGS[finding.level],
        "sentence": sentence,
        "remedy": remedy,
        "detail": in_words(language, finding.detail),
    }


def _printer(name: str, status: PrinterStatus, tests: dict[str, tuple[str, int]], language: str) -> dict[str, str]:
    state, at = tests.get(name, ("", 0))
    tested = in_language(language, TESTS[state], time=_local(at, language)) if state else ""
    return {**_told(devices.of_printer(name, status), language), "name": name, "tested": tested}


def _connected() -> set[str]:
    """The proofs of the displays that are open now."""
    live: Live = current_app.extensions["istiqbal.live"]
    return {proof for proof, namespaces in live.proofs().items() if "/display" in namespaces}


def _examination() -> Examination:
    found: Examination = current_app.extensions["istiqbal.doctor"]
    return found


def _local(at: int, language: str) -> str:
    return written_datetime(datetime.fromtimestamp(at / MS, UTC), language, identity.unit().settings.unit.timezone)
