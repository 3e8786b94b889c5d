"""The outbox and the folder adapter: nothing left behind, nothing half written."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import jsonschema_rs
import pytest
import urllib3

from portal import contract
from server import sync
from server.sync import Line, SyncFailed
from server.sync.adapters import Owed, Verdict
from server.sync.adapters.folder import FolderAdapter
from server.sync.adapters.https import HttpsAdapter
from server.unit import Unit
from server.visits import Order
from tests.conftest import CLERK, KIOSK, ToldClock
from tests.server.sync.portals import TrialPortal


def end_visits(unit: Unit, count: int) -> list[str]:
    visits = [unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"] for _ in range(count)]
    for visit in visits:
        unit.visits.cancel(visit, KIOSK)
    return visits


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_it_writes_the_days_events_as_cloudevents_batches(unit: Unit, clock: ToldClock, tmp_path: Path) -> None:
    visits = end_visits(unit, 2)
    clock.pass_by(24 * 3600)
    visits += end_visits(unit, 1)
    adapter = FolderAdapter(tmp_path / "out", "unit")
    assert sync.drain_unit(unit, adapter) == 3
    assert [path.parent.name for path in files(tmp_path / "out")] == ["2026-11-23", "2026-11-24"]
    events = [event for path in files(tmp_path / "out") for event in json.loads(path.read_bytes())]
    assert [event["data"]["visit"] for event in events] == visits
    assert [int(event["sequence"]) for event in events] == [1, 2, 3]
    validator = jsonschema_rs.validator_for(contract.schema())
    for path in files(tmp_path / "out"):
        validator.validate(json.loads(path.read_bytes()))
    assert sync.drain_unit(unit, adapter) == 0


def test_it_tells_the_portal_neither_clerk_nor_ticket_number(unit: Unit, tmp_path: Path) -> None:
    unit.visits.desk(1, "open", CLERK)
    unit.visits.walk_direct(1, Order("etat-civil", "fr"), CLERK)
    end_visits(unit, 1)
    sync.drain_unit(unit, FolderAdapter(tmp_path / "out", "unit"))
    text = "".join(path.read_text() for path in files(tmp_path / "out"))
    for secret in (CLERK.id, CLERK.name, "A001"):
        assert secret not in text


def test_it_splits_at_five_hundred_and_leaves_no_gap(unit: Unit, tmp_path: Path) -> None:
    end_visits(unit, 501)
    assert sync.drain_unit(unit, FolderAdapter(tmp_path / "out", "unit")) == 501
    sizes = [len(json.loads(path.read_bytes())) for path in files(tmp_path / "out")]
    assert sizes == [500, 1]


def test_it_sends_again_what_was_written_but_not_settled(unit: Unit, tmp_path: Path) -> None:
    """As after a power cut between the two: the same file is written again, its events have the same ids."""
    end_visits(unit, 3)

    class Dying(FolderAdapter):
        def send(self, owed: Sequence[Owed]) -> list[Verdict]:
            super().send(owed)
            raise SyncFailed("the power went")

    with pytest.raises(SyncFailed):
        sync.drain_unit(unit, Dying(tmp_path / "out", "unit"))
    (first,) = files(tmp_path / "out")
    before = json.loads(first.read_bytes())
    end_visits(unit, 1)
    assert sync.drain_unit(unit, FolderAdapter(tmp_path / "out", "unit")) == 4
    (again,) = files(tmp_path / "out")
    assert json.loads(again.read_bytes())[:3] == before


def test_it_keeps_everything_when_the_folder_can_not_be_written(unit: Unit, tmp_path: Path) -> None:
    end_visits(unit, 2)
    (tmp_path / "out").touch()
    with pytest.raises(SyncFailed, match="can't be written"):
        sync.drain_unit(unit, FolderAdapter(tmp_path / "out", "unit"))
    with unit.reading() as conn:
        assert sync.look(conn)["deliveries"]["portal"]["pending"] == 2


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 KiB."""
    mounted = tmp_path / "stick"
    mounted.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", mounted], capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a file system")
    yield mounted
    subprocess.run(["umount", mounted], check=True)


def test_a_full_stick_takes_no_half_file_and_the_next_one_gets_everything(unit: Unit, tiny_disk: Path, tmp_path: Path) -> None:
    visits = end_visits(unit, 60)
    with pytest.raises(SyncFailed, match="No space left"):
        sync.drain_unit(unit, FolderAdapter(tiny_disk, "unit"))
    assert files(tiny_disk) == []
    assert sync.drain_unit(unit, FolderAdapter(tmp_path / "roomier", "unit")) == 60
    events = [event for path in files(tmp_path / "roomier") for event in json.loads(path.read_bytes())]
    assert [event["data"]["visit"] for event in events] == visits


def test_a_full_disk_of_the_unit_keeps_it_owed_and_the_line_waits(unit: Unit, tmp_path: Path) -> None:
    """What was sent but can't be written down as sent goes again later; nobody is asked a hundred times a minute."""
    end_visits(unit, 3)
    portal = TrialPortal()
    worker = Line(unit, HttpsAdapter(portal.url, urllib3.PoolManager(retries=False, timeout=5), "unit"))
    unit.writer.run(lambda conn: conn.execute("CREATE TABLE ballast (bytes BLOB)"))
    unit.writer.run(lambda conn: conn.execute("CREATE TEMP TRIGGER full BEFORE UPDATE ON deliveries BEGIN "
                                              "INSERT INTO ballast VALUES (zeroblob(4194304)); END"))  # fmt: skip
    unit.writer.run(lambda conn: conn.execute("PRAGMA max_page_count = 1").fetchone())
    worker.turn()
    assert len(portal.events) == 3
    with unit.reading() as conn:
        assert sync.look(conn)["portal"]["pending"] == 3
    asked = len(portal.requests)
    worker.turn()
    assert len(portal.requests) == asked
    unit.writer.run(lambda conn: conn.execute("PRAGMA max_page_count = 1073741823").fetchone())
    unit.writer.run(lambda conn: conn.execute("DROP TRIGGER full"))
    worker.try_now()
    worker.turn()
    portal.close()
    assert len(portal.order) == 3, "no event twice"
    with unit.reading() as conn:
        assert sync.look(conn)["portal"]["pending"] == 0


def test_it_numbers_each_start_of_the_server_anew_under_its_own_epoch(folder: Path, unit: Unit) -> None:
    from server import settings

    end_visits(unit, 1)
    unit.close()
    again = Unit(folder, settings.load(folder), unit.now)
    end_visits(again, 1)
    with again.reading() as conn:
        rows = conn.execute("SELECT epoch, sequence FROM deliveries").fetchall()
    again.close()
    unit.close = lambda: None  # type: ignore[method-assign]
    assert [row[1] for row in rows] == [1, 1]
    assert rows[0][0] != rows[1][0]
