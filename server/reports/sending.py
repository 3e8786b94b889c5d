"""Reports that are sent by themselves: after each night or month, into a folder or by mail; what fails is tried again.

What is owed is a row of `report_sendings`, written before anything is tried, so that nothing is lost when the mail server is
down: it is sent when that is there again, and the manager's page shows what is late. After a time in which the unit was off,
every day or month since the newest that was noted is owed, at most `MOST_AT_ONCE` of them.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

from server import setup
from server.errors import N_, Refused
from server.files import NOT_THERE, Outlet, write_whole
from server.periodic import Periodic
from server.reports import asking
from server.reports.period import NAMED, Period, period_text
from server.reports.request import Request
from server.reports.writing.written import Written
from server.settings import MailSettings, ReportSettings
from server.unit import Unit
from server.web.language import in_language

EVERY_S = 60.0
FIRST_DELAY_MS = 60_000
LONGEST_DELAY_MS = 6 * 3600 * 1000
PERIOD_OF = {"night": "yesterday", "month": "last-month"}
MOST_AT_ONCE = {"night": 31, "month": 12}
TIMEOUT_S = 30


@dataclass(frozen=True, slots=True)
class Sending:
    """One report that is owed or was sent: its period, its way (`folder`, `mail`), and how it went."""

    id: int
    period: Period
    way: str
    attempts: int
    error: str | None
    done_at: int | None


def send_due(unit: Unit) -> int:
    """Note what has become due and try what is owed; how many were sent."""
    wanted = unit.settings.reports
    if wanted.every == "never":
        return 0
    now = unit.now().at
    unit.writer.run(lambda conn: _note(conn, unit, wanted, now))
    with unit.reading() as conn:
        owed = [_sending(row) for row in conn.execute(f"SELECT {COLUMNS} FROM report_sendings WHERE {DUE}", (now,))]
    return sum(_try(unit, wanted, one) for one in owed)


COLUMNS = "id, first, last, way, attempts, error, done_at"
DUE = "done_at IS NULL AND next_at <= ? ORDER BY id LIMIT 10"


def _sending(row: Any) -> Sending:
    id, first, last, *rest = row
    return Sending(id, Period.parse(first, last), *rest)


def sendings(conn: Any, at_most: int = 10) -> list[Sending]:
    """The newest, for the manager's page."""
    return [_sending(row) for row in conn.execute(f"SELECT {COLUMNS} FROM report_sendings ORDER BY id DESC LIMIT ?", (at_most,))]


def _note(conn: Any, unit: Unit, wanted: ReportSettings, now: int) -> None:
    """The periods that have ended and were not noted yet, once for each way."""
    today = date.fromisoformat(setup.service_day(conn, now, unit.settings.unit.zone))
    ended = NAMED[PERIOD_OF[wanted.every]](today)
    for way in WAYS:
        if (wanted.folder if way == "folder" else wanted.mail) is not None:
            conn.executemany(
                "INSERT INTO report_sendings(first, last, way, created_at, next_at) VALUES (?,?,?,?,?) ON CONFLICT DO NOTHING",
                [
                    (period.first.isoformat(), period.last.isoformat(), way, now, now)
                    for period in _since_noted(conn, way, ended, MOST_AT_ONCE[wanted.every])
                ],
            )


NEWEST = "SELECT max(last) FROM report_sendings WHERE way = ? AND (first = last) = ? AND last <= ?"


def _since_noted(conn: Any, way: str, ended: Period, at_most: int) -> list[Period]:
    """The period that has ended last and those before it, back to the newest of its kind that was noted; oldest first.

    That one alone when none was noted. What a clock that was wrong noted of days to come does not count.
    """
    newest = conn.execute(NEWEST, (way, ended.days == 1, ended.last.isoformat())).fetchone()[0]
    periods = [ended]
    while newest is not None and len(periods) < at_most and periods[-1].first > date.fromisoformat(newest) + timedelta(days=1):
        periods.append(periods[-1].before())
    return periods[::-1]


def _try(unit: Unit, wanted: ReportSettings, one: Sending) -> bool:
    try:
        made = asking.written(
            unit, Request("wait-times", one.period, ("service",), compared=True), wanted.format, wanted.language, True
        )
        WAYS[one.way](unit, wanted, one, made)
    except (OSError, smtplib.SMTPException, Refused) as error:
        delay = min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2**one.attempts)
        values = (str(error) or type(error).__name__, unit.now().at + delay, one.id)
        unit.writer.run(
            lambda conn: conn.execute(
                "UPDATE report_sendings SET attempts = attempts + 1, error = ?, next_at = ? WHERE id = ?", values
            )
        )
        return False
    done = unit.now().at
    unit.writer.run(
        lambda conn: conn.execute(
            "UPDATE report_sendings SET attempts = attempts + 1, error = NULL, done_at = ? WHERE id = ?", (done, one.id)
        )
    )
    return True


def _name(unit: Unit, one: Sending, made: Written) -> str:
    return f"{unit.settings.unit.id}-{one.period}.{made.ending}"


def _to_folder(unit: Unit, wanted: ReportSettings, one: Sending, made: Written) -> None:
    outlet = Outlet.told(wanted.folder or "", unit.folder)
    try:
        outlet.open()
    except FileNotFoundError as error:
        raise OSError(in_language(wanted.language, NOT_THERE, path=str(outlet.path))) from error
    write_whole(outlet.path / _name(unit, one, made), made.data)


def _by_mail(unit: Unit, wanted: ReportSettings, one: Sending, made: Written) -> None:
    mail = wanted.mail
    assert mail is not None
    message = EmailMessage()
    message["From"], message["To"] = mail.sender, ", ".join(mail.to)
    title = in_language(wanted.language, N_("Report of the reception"))
    message["Subject"] = f"{title} – {period_text(one.period, wanted.language)}"
    message["Message-ID"] = f"<{unit.settings.unit.id}-{one.period}@istiqbal.invalid>"
    message.set_content(message["Subject"])
    main, sub = made.mimetype.split("/")
    message.add_attachment(made.data, maintype=main, subtype=sub, filename=_name(unit, one, made))
    _deliver(mail, message)


def _deliver(mail: MailSettings, message: EmailMessage) -> None:
    with smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT_S) as line:
        if mail.starttls:
            line.starttls(context=ssl.create_default_context())
        if mail.user:
            line.login(mail.user, mail.password)
        line.send_message(message)


WAYS: Mapping[str, Callable[[Unit, ReportSettings, Sending, Written], None]] = {"folder": _to_folder, "mail": _by_mail}


def sending(unit: Unit) -> Periodic:
    """The worker that does so while the server runs."""
    return Periodic("reports", lambda: send_due(unit), EVERY_S)
