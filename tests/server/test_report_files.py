"""Reports as files: rows that stream, nothing half written, no cell that a spreadsheet would run, dropped rows, mail."""

from __future__ import annotations

import csv
import email
import email.policy
import errno
import io
import ssl
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from sqlite_utils import Database

from server import reports, setup
from server.app import Server
from server.day.closing import end_days_before
from server.estimates import promises
from server.estimates.rounding import Estimate
from server.feedback import ratings
from server.lifecycle import Action
from server.reports import retention, sending, work
from server.reports.asking import place_of
from server.reports.counting import packing, packs
from server.reports.writing import legs
from server.reports.writing.cells import harmless
from server.settings import MailSettings, ReportSettings
from server.store.migrations.more_packs import more_packs
from server.unit import Unit
from server.visits import Order
from server.visits.looks import current_leg
from tests.conftest import CLERK, KIOSK, ToldClock
from tests.programs import Program
from tests.running import free_port
from tests.server.forms import revision
from tests.server.test_reports import DAY, ZONE, a_morning, report

UTC_PLUS_ONE = ZoneInfo("Africa/Casablanca")


def exported(unit: Unit, path: Path) -> list[dict[str, str]]:
    with unit.reading() as conn:
        legs.write_csv(conn, DAY, ZONE, path)
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_every_leg_is_a_row_with_local_times_and_whole_seconds(unit: Unit, clock: ToldClock, tmp_path: Path) -> None:
    a_morning(unit, clock)
    rows = exported(unit, tmp_path / "legs.csv")
    assert len(rows) == 6
    first = rows[0]
    assert (first["day"], first["ticket"], first["joined"], first["called"]) == ("2026-11-23", "A001", "09:00:00", "09:01:00")
    assert (first["waited"], first["served"], first["state"]) == ("60", "600", "served")
    with unit.reading() as conn:
        assert legs.write_xlsx(conn, DAY, ZONE, tmp_path / "legs.xlsx", "ar") == 6
    sheet = openpyxl.load_workbook(tmp_path / "legs.xlsx").worksheets[0]
    cells = [row[0:12] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert cells[0][0] == datetime(2026, 11, 23)
    assert cells[0][6:8] == (time(9, 0), time(9, 1))
    assert cells[0][10] == timedelta(seconds=60)
    assert sheet.sheet_view.rightToLeft
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("form", ["csv", "excel", "xlsx"])
def test_legs_of_the_services_that_were_asked_for_alone(unit: Unit, clock: ToldClock, tmp_path: Path, form: str) -> None:
    a_morning(unit, clock)
    for service in ("legalisation", "residence"):
        unit.visits.issue(Order(service, "ar"), KIOSK)
    place = place_of(unit.path, unit.settings.unit)
    counts = [
        work.export(place, reports.Request("wait-times", DAY, services=services), form, "fr", tmp_path / "legs")
        for services in ((), ("legalisation",), ("etat-civil", "residence"), ("nothing",))
    ]
    assert counts == [8, 1, 7, 0]


def test_an_export_given_up_half_way_leaves_nothing(unit: Unit, clock: ToldClock, tmp_path: Path) -> None:
    a_morning(unit, clock)

    def cancelled(share: float) -> None:
        raise KeyboardInterrupt

    for write in (
        lambda conn: legs.write_csv(conn, DAY, ZONE, tmp_path / "x.csv", cancelled),
        lambda conn: legs.write_xlsx(conn, DAY, ZONE, tmp_path / "x.xlsx", "fr", cancelled),
    ):
        with unit.reading() as conn, pytest.raises(KeyboardInterrupt):
            write(conn)
    assert list(tmp_path.glob("x.*")) == []


def test_a_full_disk_is_told_and_leaves_nothing(unit: Unit, clock: ToldClock, tmp_path: Path) -> None:
    a_morning(unit, clock)

    def full(share: float) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with unit.reading() as conn, pytest.raises(OSError, match="No space left"):
        legs.write_csv(conn, DAY, ZONE, tmp_path / "x.csv", full)
    assert list(tmp_path.glob("x.*")) == []


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"


def packed_yesterday(unit: Unit, clock: ToldClock) -> dict[str, Any]:
    """The worked example's day, closed and packed; its figures."""
    a_morning(unit, clock)
    clock.pass_by(24 * 3600)
    end_days_before(unit, "2026-11-24")
    with unit.reading() as conn:
        pack = packing.pack(conn, "2026-11-23", ZONE)
    assert pack is not None
    assert unit.writer.run(lambda conn: packs.store(conn, pack))
    return report(unit, "wait-times").total


def weeks_go_by(unit: Unit, clock: ToldClock) -> None:
    """Sixty days, in which somebody comes now and then and leaves again."""
    for _ in range(3):
        clock.pass_by(20 * 86_400)
        unit.visits.cancel(unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"], KIOSK)
    unit.writer.run(lambda conn: conn.execute("UPDATE deliveries SET state = 'done'"))


def visits_of(unit: Unit, table: str) -> set[str]:
    with unit.reading() as conn:
        return {row[0] for row in conn.execute(f"SELECT visit FROM {table} WHERE visit IS NOT NULL")}


def test_a_clock_a_year_ahead_costs_no_row(unit: Unit, clock: ToldClock) -> None:
    packed_yesterday(unit, clock)
    weeks_go_by(unit, clock)
    unit.writer.run(lambda conn: setup.choose(conn, retention.CHOICE, 400))
    for _ in range(4):
        clock.jump(365 * 86_400 if clock.moment.at == clock.moment.steady else 86_400)
        unit.visits.cancel(unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"], KIOSK)
        unit.writer.run(lambda conn: conn.execute("UPDATE deliveries SET state = 'done'"))
        assert retention.drop_old_rows(unit) == 0
    clock.jump(86_400)
    unit.visits.cancel(unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"], KIOSK)
    assert retention.drop_old_rows(unit) == 6, "who has worked five days with it means it"


def test_old_rows_go_and_the_figures_stay(unit: Unit, clock: ToldClock) -> None:
    before = packed_yesterday(unit, clock)
    old = visits_of(unit, "visits")
    weeks_go_by(unit, clock)
    unit.writer.run(lambda conn: conn.execute("UPDATE deliveries SET state = 'pending' WHERE kind = 'portal'"))
    assert retention.drop_old_rows(unit) == 0
    unit.writer.run(lambda conn: setup.choose(conn, retention.CHOICE, 40))
    assert retention.drop_old_rows(unit) == 0, "the portal has not been told of them"
    unit.writer.run(lambda conn: conn.execute("UPDATE deliveries SET state = 'done'"))
    assert retention.drop_old_rows(unit, batches=0) == 0
    assert retention.drop_old_rows(unit) == 6
    for table in ("visits", "legs", "events"):
        assert not old & visits_of(unit, table)
    with unit.reading() as conn:
        assert conn.execute("SELECT COUNT(*) FROM deliveries WHERE event NOT IN (SELECT id FROM events)").fetchone() == (0,)
    assert report(unit, "wait-times").total == before


def rated(unit: Unit, clock: ToldClock, scores: list[int]) -> None:
    unit.visits.desk(1, "open", CLERK)
    for score in scores:
        visit = unit.visits.walk_direct(1, Order("etat-civil", "ar"), CLERK)["visit"]
        unit.visits.at_counter(1, Action.FINISH, CLERK)
        said = ratings.Rating(visit, score, (), "phone")
        unit.writer.run(lambda conn, said=said: ratings.rate(conn, unit.journal, clock(), said, ZONE, tell_portal=False))
    unit.visits.desk(1, "close", CLERK)


def test_dropped_days_keep_their_ratings_and_estimates(unit: Unit, clock: ToldClock) -> None:
    rated(unit, clock, [4, 3, 1, 4, 4])
    packed_yesterday(unit, clock)
    before = [report(unit, kind).total for kind in ("ratings", "estimate-errors")]
    assert before[0]["rating_mean"] == 3.2
    old = visits_of(unit, "visits")
    weeks_go_by(unit, clock)
    unit.writer.run(lambda conn: setup.choose(conn, retention.CHOICE, 40))
    assert retention.drop_old_rows(unit) > 0
    assert [report(unit, kind).total for kind in ("ratings", "estimate-errors")] == before
    assert not old & (visits_of(unit, "ratings") | visits_of(unit, "promises"))


def test_a_unit_from_before_ratings_were_packed_loses_no_day(unit: Unit, clock: ToldClock) -> None:
    """The first day's rows were dropped by the older version; the second's are there, and packed without ratings."""
    dropped = packed_yesterday(unit, clock)
    weeks_go_by(unit, clock)
    unit.writer.run(lambda conn: setup.choose(conn, retention.CHOICE, 40))
    retention.drop_old_rows(unit)
    rated(unit, clock, [4, 3, 1, 4, 4])
    clock.pass_by(86_400)
    period = reports.Period(date(2026, 11, 23), date(2027, 3, 1))

    def pack_and_look() -> list[reports.Row]:
        with unit.reading() as conn:
            made = [packing.pack(conn, day, ZONE) for day in packs.packs_due(conn, "2027-12-31", 9)]
        for one in made:
            assert one is not None
            assert unit.writer.run(lambda conn, one=one: packs.store(conn, one))
        return [report(unit, kind, period=period).total for kind in ("wait-times", "ratings")]

    def as_the_older_version_left_it(conn: Any) -> None:
        for (trigger,) in conn.execute("SELECT name FROM sqlite_master WHERE name LIKE 'a_%_rating_unpacks_its_day'").fetchall():
            conn.execute(f"DROP TRIGGER {trigger}")
        conn.execute("DELETE FROM report_columns WHERE source IN ('ratings', 'promises')")

    expected = pack_and_look()
    assert (expected[0]["arrivals"], expected[1]["ratings"]) == (dropped["arrivals"] + 3 + 5, 5)
    unit.writer.run(as_the_older_version_left_it)
    assert report(unit, "ratings", period=period).total["ratings"] == 0
    unit.writer.run(lambda conn: more_packs(Database(conn)))
    for found in ([report(unit, kind, period=period).total for kind in ("wait-times", "ratings")], pack_and_look()):
        assert found[0] == expected[0]
        assert (found[1]["ratings"], found[1]["could_rate"], found[1]["response_rate"]) == (5, 5, 1.0), "the first day has none"
    assert report(unit, "wait-times").total == dropped


def test_an_error_below_nothing_is_a_number_in_excel_and_has_its_sign_on_paper(unit: Unit, clock: ToldClock) -> None:
    visit = unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
    told = Estimate(seconds=300, low=180, high=600)
    unit.writer.run(lambda conn: promises.keep(conn, current_leg(conn, visit)[1], 5, told, "x", True))
    unit.visits.desk(1, "open", CLERK)
    clock.pass_by(1200)
    unit.visits.call_next(1, CLERK)
    place = place_of(unit.path, unit.settings.unit)
    asked = reports.Request("estimate-errors", DAY, ("people_ahead",))
    sheet = openpyxl.load_workbook(io.BytesIO(work.write(place, asked, "xlsx", "ar").data)).worksheets[0]
    assert [cell.value for cell in sheet[5]] == ["بين 4 و8", 1, 1, *[timedelta(seconds=900)] * 3, -900, 0, timedelta(seconds=420)]
    assert ";-900;" in work.write(place, asked, "excel", "fr").data.decode("utf-8-sig")
    assert ">−0:15:00<" in work.page(place, asked, "zgh", False)


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


def test_a_service_that_was_removed_keeps_its_name(unit: Unit, clock: ToldClock) -> None:
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    unit.writer.run(lambda conn: conn.execute("UPDATE services SET removed_at = 1 WHERE id = 'etat-civil'"))
    with unit.reading() as conn:
        assert reports.making.labels(conn, "service", "fr")["etat-civil"] == "État civil"
    assert report(unit, "wait-times", "service").rows[0]["service"] == "etat-civil"


def test_a_clock_that_jumped_is_flagged_and_left_out_of_means(unit: Unit, clock: ToldClock) -> None:
    unit.visits.desk(1, "open", CLERK)
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    clock.moment = type(clock.moment)(clock.moment.at, clock.moment.steady - 5000)
    unit.visits.call_next(1, CLERK)
    total = report(unit, "wait-times").total
    assert (total["arrivals"], total["odd_times"], total["service_level_cases"], total["waits"]) == (1, 1, 0, 0)


def test_a_day_that_begins_at_night(unit: Unit, clock: ToldClock) -> None:
    unit.writer.run(lambda conn: setup.choose(conn, "day_starts", "06:00"))
    clock.pass_by(18 * 3600)  # 03:00 of the 24th: still the service day of the 23rd
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    assert report(unit, "wait-times", "hour").rows[0]["hour"] == 3


def test_a_manager_decides_about_clerks_figures_and_how_long_rows_are_kept(server: Server, callers: dict[str, Program]) -> None:
    manager = callers["manager"]
    by_clerk = "/api/v1/reports/service-times?by=clerk"
    assert manager.get(by_clerk).status_code == 403
    settings = "/manager/reports/settings"
    assert manager.post(settings, data={"days": "3"}).status_code == 422
    assert manager.post(settings, data={"days": "x" * 9, "clerks": "on"}).status_code == 422
    read_at = revision(manager.get(settings).text)
    assert manager.post(settings, data={"days": "400", "clerks": "on", "revision": read_at}).status_code == 303
    assert manager.get(by_clerk).status_code == 200
    assert callers["clerk"].get(by_clerk).status_code == 403
    assert 'value="400"' in manager.get(settings).text
