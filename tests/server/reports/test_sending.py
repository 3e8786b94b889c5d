"""Reports by mail and into a folder: each once, and those that are owed."""

from __future__ import annotations

import email
import email.policy
import ssl
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from server.reports import sending
from server.settings import MailSettings, ReportSettings
from server.unit import Unit
from tests.conftest import ToldClock
from tests.running import free_port
from tests.server.reports.test_dropping import packed_yesterday
from tests.server.reports.test_reports import a_morning


class Mailbox:
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.messages: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.messages.append(envelope)
        return "250 OK"


@pytest.fixture
def post() -> Iterator[tuple[Mailbox, Controller]]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    yield box, controller
    if controller._thread is not None:
        controller.stop()


def test_a_report_is_sent_each_night_by_mail_and_into_a_folder(
    unit: Unit, clock: ToldClock, post: tuple[Mailbox, Controller], tmp_path: Path
) -> None:
    box, controller = post
    mail = MailSettings(host="127.0.0.1", port=controller.port, sender="hall@example.org", to=["chief@example.org"])
    (tmp_path / "out").mkdir()
    wanted = ReportSettings(every="night", format="excel", language="fr", folder=str(tmp_path / "out"), mail=mail)
    unit.settings = unit.settings.model_copy(update={"reports": wanted})
    packed_yesterday(unit, clock)
    assert sending.send_due(unit) == 1, "the folder; nobody takes the mail yet"
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["unit-2026-11-23_2026-11-23.csv"]
    with unit.reading() as conn:
        late = next(one for one in sending.sendings(conn) if one.way == "mail")
    assert late.done_at is None
    assert late.error is not None
    controller.start()
    assert sending.send_due(unit) == 0, "not before its time"
    clock.pass_by(3600)
    assert sending.send_due(unit) == 1
    assert sending.send_due(unit) == 0, "once each"
    (envelope,) = box.messages
    assert envelope.rcpt_tos == ["chief@example.org"]
    assert b"unit-2026-11-23_2026-11-23.csv" in envelope.content


def test_with_the_stick_out_a_report_is_late_and_nothing_is_written_beside(unit: Unit, clock: ToldClock, tmp_path: Path) -> None:
    stick = tmp_path / "stick" / "reports"
    wanted = ReportSettings(every="night", format="excel", language="fr", folder=str(stick))
    unit.settings = unit.settings.model_copy(update={"reports": wanted})
    packed_yesterday(unit, clock)
    assert sending.send_due(unit) == 0
    assert not stick.parent.exists()
    with unit.reading() as conn:
        (late,) = sending.sendings(conn)
    assert late.error == f"Le dossier {stick} est introuvable : branchez la clé USB."
    stick.mkdir(parents=True)
    clock.pass_by(3600)
    assert sending.send_due(unit) == 1


def noted(unit: Unit) -> list[str]:
    with unit.reading() as conn:
        return [row[0] for row in conn.execute("SELECT first FROM report_sendings ORDER BY id")]


def test_after_a_weekend_off_each_of_its_days_is_sent_and_after_a_long_time_the_last_31(
    unit: Unit, clock: ToldClock, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    wanted = ReportSettings(every="night", format="excel", language="fr", folder=str(tmp_path / "out"))
    unit.settings = unit.settings.model_copy(update={"reports": wanted})
    clock.pass_by(4 * 86_400)
    assert sending.send_due(unit) == 1, "of a unit that never sent any, only the day that has ended"
    clock.pass_by(3 * 86_400)
    assert sending.send_due(unit) == 3
    days = ["2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29"]
    assert noted(unit) == days
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [f"unit-{day}_{day}.csv" for day in days]
    assert sending.send_due(unit) == 0
    clock.pass_by(100 * 86_400)
    sending.send_due(unit)
    assert noted(unit)[4:] == [(date(2027, 2, 7) + timedelta(days=place)).isoformat() for place in range(31)]


def test_after_months_off_each_month_is_owed_and_days_sent_before_do_not_count_as_months(
    unit: Unit, clock: ToldClock, tmp_path: Path
) -> None:
    folder = str(tmp_path / "out")
    (tmp_path / "out").mkdir()
    every = [ReportSettings(every=name, format="excel", language="fr", folder=folder) for name in ("night", "month")]
    for wanted, passed in ((every[0], 0), (every[1], 0), (every[1], 75 * 86_400)):
        unit.settings = unit.settings.model_copy(update={"reports": wanted})
        clock.pass_by(passed)
        sending.send_due(unit)
    assert noted(unit) == ["2026-11-22", "2026-10-01", "2026-11-01", "2026-12-01", "2027-01-01"]


def test_a_month_is_sent_once_with_a_password_over_tls_and_to_nobody_else(
    unit: Unit, clock: ToldClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority, box = trustme.CA(), Mailbox()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    port = free_port()
    known = LoginPassword(b"hall", b"a good password")
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=lambda *asked: AuthResult(success=asked[-1] == known),
    )
    mail = MailSettings(
        host="127.0.0.1", port=port, sender="hall@example.org", to=["a@example.org", "b@example.org"],
        starttls=True, user="hall", password="a good password",
    )  # fmt: skip
    wanted = ReportSettings(every="month", format="pdf", language="ar", mail=mail)
    unit.settings = unit.settings.model_copy(update={"reports": wanted})
    a_morning(unit, clock)
    clock.pass_by(10 * 86_400)
    controller.start()
    try:
        assert sending.send_due(unit) == 0, "a server that nobody vouches for gets neither password nor report"
        assert box.messages == []
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        clock.pass_by(3600)
        assert sending.send_due(unit) == 1
        clock.pass_by(5 * 86_400)
        assert sending.send_due(unit) == 0, "once a month"
    finally:
        controller.stop()
    (envelope,) = box.messages
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert envelope.rcpt_tos == ["a@example.org", "b@example.org"]
    assert message["Subject"] == "تقرير الاستقبال – نونبر 2026"
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "unit-2026-11-01_2026-11-30.pdf"
    assert attached.get_content().startswith(b"%PDF-")
