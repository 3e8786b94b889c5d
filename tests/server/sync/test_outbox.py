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
from portal.contract import signing
from server import settings, sync
from server.files import Outlet
from server.sync import Line, SyncFailed
from server.sync.adapters import Owed, Verdict
from server.sync.adapters.folder import FolderAdapter, make_signing_key
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


KEY = signing.new_signing_key()


def stick(folder: Path) -> FolderAdapter:
    return FolderAdapter(Outlet(folder, may_make=True), "unit", lambda: KEY)


def files(folder: Path) -> list[Path]:
    """Without the signatures."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != signing.SUFFIX)


def pending(unit: Unit) -> int:
    with unit.reading() as conn:
        return int(sync.look(conn)["portal"]["pending"])


def fault(unit: Unit) -> str | None:
    with unit.reading() as conn:
        found = sync.look(conn)["portal"]["fault"]
    return found and str(found["message"])


def test_it_writes_the_days_events_as_cloudevents_batches(unit: Unit, clock: ToldClock, tmp_path: Path) -> None:
    visits = end_visits(unit, 2)
    clock.pass_by(24 * 3600)
    visits += end_visits(unit, 1)
    adapter = stick(tmp_path / "out")
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
    sync.drain_unit(unit, stick(tmp_path / "out"))
    text = "".join(path.read_text() for path in files(tmp_path / "out"))
    for secret in (CLERK.id, CLERK.name, "A001"):
        assert secret not in text


def test_it_splits_at_five_hundred_and_leaves_no_gap(unit: Unit, tmp_path: Path) -> None:
    end_visits(unit, 501)
    assert sync.drain_unit(unit, stick(tmp_path / "out")) == 501
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
        sync.drain_unit(unit, Dying(Outlet(tmp_path / "out", may_make=True), "unit", lambda: KEY))
    (first,) = files(tmp_path / "out")
    before = json.loads(first.read_bytes())
    end_visits(unit, 1)
    assert sync.drain_unit(unit, stick(tmp_path / "out")) == 4
    (again,) = files(tmp_path / "out")
    assert json.loads(again.read_bytes())[:3] == before


def test_it_keeps_everything_when_the_folder_can_not_be_written(unit: Unit, tmp_path: Path) -> None:
    end_visits(unit, 2)
    (tmp_path / "out").touch()
    with pytest.raises(SyncFailed, match="can't be written"):
        sync.drain_unit(unit, stick(tmp_path / "out"))
    with unit.reading() as conn:
        assert sync.look(conn)["deliveries"]["portal"]["pending"] == 2


def the_folder(unit: Unit, path: Path) -> sync.Adapter:
    """The adapter that `unit.toml` names, its folder at `path`."""
    told = unit.settings.model_copy(update={"portal": settings.PortalSettings(adapter="folder", path=str(path))})
    made = sync.adapter(told, unit.folder)
    assert made is not None
    return made


def test_with_the_stick_out_nothing_is_written_beside_and_nothing_is_settled(unit: Unit, tmp_path: Path) -> None:
    """Its mount point may be there without it. The page says so, and the stick that comes back gets everything."""
    visits = end_visits(unit, 2)
    make_signing_key(unit.folder)
    mount_point = tmp_path / "media" / "stick"
    worker = Line(unit, the_folder(unit, mount_point / "outbox"))
    for there in (tmp_path, mount_point):
        there.mkdir(parents=True, exist_ok=True)
        worker.try_now()
        worker.turn()
        assert not mount_point.exists() or list(mount_point.iterdir()) == []
        assert (pending(unit), fault(unit)) == (2, "The folder %(path)s is not there: plug the stick in.")
    (mount_point / "outbox").mkdir()
    worker.try_now()
    worker.turn()
    assert (pending(unit), fault(unit)) == (0, None)
    events = [event for path in files(mount_point) for event in json.loads(path.read_bytes())]
    assert [event["data"]["visit"] for event in events] == visits


def test_nothing_leaves_the_unit_unsigned(unit: Unit, tmp_path: Path) -> None:
    """Without a key it stays owed and the page says what to do; the key that is made then is used at once."""
    end_visits(unit, 2)
    plugged_in = tmp_path / "stick"
    plugged_in.mkdir()
    adapter = the_folder(unit, plugged_in)
    with pytest.raises(SyncFailed, match="istiqbal sync-key"):
        sync.drain_unit(unit, adapter)
    assert (files(plugged_in), pending(unit)) == ([], 2)
    public = make_signing_key(unit.folder)
    assert sync.drain_unit(unit, adapter) == 2
    (written,) = files(plugged_in)
    signing.verify(written.read_bytes(), written.with_name(written.name + signing.SUFFIX).read_text(), public)


def test_a_signing_key_that_can_not_be_read_is_said_on_the_page(unit: Unit, tmp_path: Path) -> None:
    end_visits(unit, 1)
    make_signing_key(unit.folder)
    (unit.folder / "secrets" / "signing-key.jwk").write_text("{")
    Line(unit, the_folder(unit, tmp_path)).turn()
    assert (pending(unit), fault(unit)) == (1, "The signing key %(path)s can't be read: %(detail)s.")


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
        sync.drain_unit(unit, stick(tiny_disk))
    assert files(tiny_disk) == []
    assert sync.drain_unit(unit, stick(tmp_path / "roomier")) == 60
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
