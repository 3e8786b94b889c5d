"""Files that are made beside the server: followed, fetched, cancelled, failed and swept; each manager sees their own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from server import reports
from server.reports import exports as module
from server.reports import process
from server.reports.exports import Export, ExportGone, Exports, OneTableOnly, Order, State, TooManyExports
from server.reports.process import ReportTooLarge
from server.reports.work import Place
from server.reports.writing import legs, pdf
from server.reports.writing.document import Document, Head, Section
from server.reports.writing.formats import FORMATS, MOST_ROWS_ON_PAPER, TooLongForPaper
from server.unit import Unit
from server.visits import Order as Visit
from tests.conftest import KIOSK, ToldClock
from tests.server.reports.test_reports import DAY, ZONE, a_morning

LEGS = Order(reports.Request("wait-times", DAY), "legs-csv", "fr")
FIGURES = Order(reports.Request("wait-times", DAY, ("service",)), "xlsx", "ar")


@pytest.fixture
def exports(unit: Unit, clock: ToldClock) -> Iterator[Exports]:
    a_morning(unit, clock)
    made = Exports(unit)
    yield made
    made.stop()


def ended(exports: Exports, one: Export, monkey: Callable[[], object] = lambda: None) -> Export:
    """The export when it is under way no more: the line behind it is empty."""
    exports.start()
    monkey()
    exports._line.put(None)
    exports._thread.join(60)
    return one


def test_a_file_is_made_and_fetched_by_its_owner_alone(unit: Unit, exports: Exports, tmp_path: Path) -> None:
    mine, figures = exports.begin("person:1", LEGS), exports.begin("person:1", FIGURES)
    ended(exports, mine)
    assert (mine.state, figures.state, mine.share) == (State.READY, State.READY, 1.0)
    assert mine.order.name == "istiqbal-legs-2026-11-23-2026-11-23.csv"
    with unit.reading() as conn:
        legs.write_csv(conn, DAY, ZONE, tmp_path / "same.csv")
    assert mine.path.read_bytes() == (tmp_path / "same.csv").read_bytes()
    assert figures.path.read_bytes()[:2] == b"PK"
    assert exports.of("person:1") == [figures, mine]
    assert exports.of("person:2") == []
    with pytest.raises(ExportGone):
        exports.one("person:2", mine.id)
    with pytest.raises(ExportGone):
        exports.cancel("person:2", mine.id)


def test_a_file_of_one_service_holds_that_service_alone(unit: Unit, exports: Exports) -> None:
    unit.visits.issue(Visit("legalisation", "ar"), KIOSK)
    asked = reports.Request("wait-times", DAY, services=("legalisation",))
    one = ended(exports, exports.begin("person:1", Order(asked, "legs-excel", "fr")))
    assert one.order.name == "istiqbal-legs-2026-11-23-2026-11-23.csv"
    head, row = one.path.read_text("utf-8").splitlines()
    assert head.startswith("\ufeffJour;Ticket;Service;")
    assert row.split(";")[1:3] == ["B001", "legalisation"]


def test_what_would_be_several_tables_is_no_plain_csv() -> None:
    with pytest.raises(OneTableOnly):
        Order(LEGS.request, "csv", "fr", whole=True)


def test_a_pdf_that_is_too_long_to_sign_is_refused_in_words_before_it_is_set(
    unit: Unit, exports: Exports, monkeypatch: pytest.MonkeyPatch
) -> None:
    def document(rows: int) -> Document:
        return Document("fr", "", "", DAY, [Section("", ("day",), [Head("day", "Jour")], [["x"]] * rows, [], [])])

    monkeypatch.setattr(pdf, "pages", lambda _: b"%PDF")
    assert FORMATS["pdf"](None, document(MOST_ROWS_ON_PAPER)).data == b"%PDF"
    with pytest.raises(TooLongForPaper):
        FORMATS["pdf"](None, document(MOST_ROWS_ON_PAPER + 1))


def greedy(outbox: Connection, place: Place, order: Order, path: Path) -> None:
    """Makes the file with all the memory that there is for it."""
    process.stand_back()
    held = []
    try:
        while True:
            held.append(bytearray(10_000_000))
    except MemoryError:
        held.pop()
    module.make(outbox, place, order, path)


def test_an_export_that_needs_too_much_memory_is_told_and_leaves_no_file(exports: Exports, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "make", greedy)
    one = ended(exports, exports.begin("person:1", FIGURES))
    assert (one.state, one.fault) == (State.FAILED, ReportTooLarge.message)
    assert not one.path.exists()


def test_one_that_is_cancelled_leaves_no_file(unit: Unit, exports: Exports) -> None:
    running, waiting = exports.begin("person:1", LEGS), exports.begin("person:1", FIGURES)

    def cancel() -> None:
        exports.cancel("person:1", waiting.id)
        exports.cancel("person:1", running.id)

    ended(exports, running, cancel)
    assert (running.state, waiting.state) == (State.CANCELLED, State.CANCELLED)
    assert list((unit.folder / module.FOLDER).glob("*/*")) == []


def test_one_that_is_ready_is_forgotten_when_nobody_fetches_it(unit: Unit, exports: Exports, clock: ToldClock) -> None:
    one = ended(exports, exports.begin("person:1", LEGS))
    exports.sweep()
    assert one.path.exists()
    clock.pass_by(module.KEPT_MS / 1000 + 1)
    exports.sweep()
    assert not one.path.exists()
    assert exports.of("person:1") == []


def test_a_manager_has_three_at_once_and_another_still_may(exports: Exports) -> None:
    for _ in range(module.AT_ONCE):
        exports.begin("person:1", LEGS)
    with pytest.raises(TooManyExports):
        exports.begin("person:1", LEGS)
    exports.begin("person:2", LEGS)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small disk")
def test_a_full_disk_is_told_and_leaves_no_file(unit: Unit, exports: Exports) -> None:
    disk = unit.folder / module.FOLDER
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k,nr_inodes=9", "none", disk], capture_output=True).returncode:
        pytest.skip("may not mount")
    try:
        one = ended(exports, exports.begin("person:1", FIGURES))
        assert (one.state, one.fault) == (State.FAILED, module.FULL)
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", disk], check=True)


def test_what_a_crash_left_is_swept_at_the_next_start(unit: Unit, exports: Exports) -> None:
    left = unit.folder / module.FOLDER / "0123" / "half.csv.part"
    left.parent.mkdir(parents=True)
    left.touch()
    ended(exports, exports.begin("person:1", LEGS))
    assert not left.exists()
