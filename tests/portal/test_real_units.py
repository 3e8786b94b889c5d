"""Real units and the reference portal: what the one owes the other holds once, whatever befell the unit."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import urllib3
from click.testing import CliRunner, Result
from flask import Flask
from werkzeug.serving import make_server

from portal import cli as portal_cli
from portal import contract, units
from portal.store.database import Connection
from server import cli, settings, sync
from server.feedback import Feedback
from server.feedback.service import Wish
from server.lifecycle import Action
from server.operations.making import make_unit
from server.sync import Adapter, outbox
from server.sync.adapters.folder import FolderAdapter
from server.sync.adapters.https import HttpsAdapter
from server.unit import Unit
from server.visits import VISITOR, Order
from tests.conftest import CLERK, KIOSK, ToldClock

NAME = "rabat-annexe-6"
YEAR_S = 365 * 24 * 3600


@pytest.fixture
def clock() -> ToldClock:
    return ToldClock(datetime.now(UTC).isoformat())


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The folder of a unit whose events are owed to a portal."""
    path = tmp_path / "unit"
    make_unit(path, "annexe", id=NAME)
    told = (path / "unit.toml").read_text()
    (path / "unit.toml").write_text(told.replace('adapter = "none"', 'adapter = "folder"'))
    return path


@pytest.fixture
def start(clock: ToldClock) -> Iterator[Callable[[Path], Unit]]:
    """Starts a unit's folder; all are stopped in the end."""
    opened: list[Unit] = []

    def begin(folder: Path) -> Unit:
        opened.append(Unit(folder, settings.load(folder), clock))
        return opened[-1]

    yield begin
    for unit in opened:
        unit.close()


@pytest.fixture
def way(app: Flask, conn: Connection) -> Iterator[Adapter]:
    """The way over HTTP to the portal, where the unit is registered."""
    units.add(conn, NAME, "الملحقة السادسة", "Commune de Rabat")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    pool = urllib3.PoolManager(retries=False, timeout=10)
    yield HttpsAdapter(f"http://127.0.0.1:{server.server_port}", pool, NAME, units.new_secret(conn, NAME))
    pool.clear()
    server.shutdown()
    thread.join()
    server.server_close()


def give_up(unit: Unit, count: int) -> list[str]:
    """So many visitors who take a ticket and give it up; their visits."""
    visits = [unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"] for _ in range(count)]
    for visit in visits:
        unit.visits.cancel(visit, KIOSK)
    return visits


def visits_of(conn: Connection) -> list[str]:
    return [visit for (visit,) in conn.execute("SELECT visit FROM events JOIN streams USING (stream) ORDER BY began, sequence")]


def incidents(conn: Connection) -> set[str]:
    return {kind for (kind,) in conn.execute("SELECT kind FROM incidents")}


def states(unit: Unit) -> dict[str, int]:
    with unit.reading() as conn:
        return dict(conn.execute("SELECT state, COUNT(*) FROM deliveries WHERE kind = 'portal' GROUP BY state").fetchall())


def test_the_service_level_rests_on_the_first_call(
    house: Path, start: Callable[[Path], Unit], way: Adapter, clock: ToldClock, conn: Connection
) -> None:
    """Called after two minutes, put back, called again after ten more: in time, although the wait was twelve minutes."""
    unit = start(house)
    unit.visits.desk(1, "open", CLERK)
    visit = unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
    clock.pass_by(120)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    clock.pass_by(600)
    unit.visits.back_to_queue(1, visit, CLERK)
    unit.visits.call_next(1, CLERK)
    clock.pass_by(20)
    unit.visits.at_counter(1, Action.START, CLERK)
    clock.pass_by(60)
    unit.visits.at_counter(1, Action.FINISH, CLERK)
    sync.drain_unit(unit, way)
    rows = conn.execute("SELECT kind, called_after, waited, walked, served FROM events ORDER BY sequence").fetchall()
    assert rows[-1] == ("served", 120, 720, 20, 60)


def test_a_restored_old_backup_goes_on_and_nothing_is_lost_or_doubled(
    house: Path, start: Callable[[Path], Unit], way: Adapter, clock: ToldClock, conn: Connection, tmp_path: Path
) -> None:
    first = start(house)
    visits = give_up(first, 3)
    sync.drain_unit(first, way)
    visits += give_up(first, 2)
    first.close()
    shutil.copytree(house, tmp_path / "backup")
    second = start(house)
    clock.pass_by(60)
    visits += give_up(second, 2)
    sync.drain_unit(second, way)
    second.close()
    restored = start(tmp_path / "backup")
    clock.pass_by(60)
    visits += give_up(restored, 2)
    assert states(restored) == {"done": 3, "pending": 4}, "two of them had been sent since the backup"
    sync.drain_unit(restored, way)
    assert states(restored) == {"done": 7}
    assert sorted(visits_of(conn)) == sorted(visits)
    assert conn.execute("SELECT count(DISTINCT id), count(*) FROM events").fetchone() == (9, 9)
    assert conn.execute("SELECT count(*) FROM gaps").fetchone() == (0,)
    assert incidents(conn) == set()


def test_two_machines_under_one_name_both_keep_everything_and_the_operator_is_told(
    house: Path, start: Callable[[Path], Unit], way: Adapter, clock: ToldClock, conn: Connection, tmp_path: Path
) -> None:
    shutil.copytree(house, tmp_path / "twin")
    one, twin = start(house), start(tmp_path / "twin")
    visits = []
    for unit in (one, twin, one, twin):
        clock.pass_by(60)
        visits += give_up(unit, 2)
        sync.drain_unit(unit, way)
        assert states(unit).keys() == {"done"}
    assert sorted(visits_of(conn)) == sorted(visits)
    assert incidents(conn) == {"two-machines"}


@pytest.mark.parametrize(("seconds", "told"), [(YEAR_S, {"clock-ahead"}), (-YEAR_S, set())])
def test_a_clock_that_is_a_year_wrong_loses_nothing(
    house: Path, start: Callable[[Path], Unit], way: Adapter, clock: ToldClock, conn: Connection, seconds: int, told: set[str]
) -> None:
    clock.jump(seconds)
    unit = start(house)
    visits = give_up(unit, 3)
    sync.drain_unit(unit, way)
    clock.jump(-seconds)
    visits += give_up(unit, 2)
    sync.drain_unit(unit, way)
    assert states(unit) == {"done": 5}
    stored = [visit for (visit,) in conn.execute("SELECT visit FROM events ORDER BY sequence")]
    assert stored == visits
    assert incidents(conn) == told


def test_a_kind_of_event_that_the_portal_does_not_know_is_kept_and_the_others_pass(
    house: Path, start: Callable[[Path], Unit], way: Adapter, conn: Connection
) -> None:
    unit = start(house)
    visits = give_up(unit, 3)
    change = "UPDATE deliveries SET payload = json_set(payload, '$.type', 'teleported') WHERE sequence = 2"
    unit.writer.run(lambda store: store.execute(change))
    sync.drain_unit(unit, way)
    assert states(unit) == {"done": 2, "aside": 1}
    assert visits_of(conn) == [visits[0], visits[2]]
    assert conn.execute("SELECT first, last FROM gaps").fetchall() == [(2, 2)]


def run(command: Any, *arguments: object) -> Result:
    done = CliRunner().invoke(command, [str(one) for one in arguments])
    assert done.exit_code == 0, done.output
    return done


@pytest.fixture
def stick(house: Path, folder: Path, tmp_path: Path) -> Path:
    """The stick of a unit whose signing key the portal knows, and which knows the portal's."""
    key, keys, made = tmp_path / "unit.jwk", tmp_path / "keys.json", tmp_path / "stick"
    key.write_text(run(cli.main, "sync-key", house).output)
    adding = ("--name", "Annexe 6", "--administration", "Commune de Rabat", "--signing-key", key)
    run(portal_cli.main, "unit", "add", folder, NAME, *adding)
    keys.write_text(run(portal_cli.main, "key", "export", folder).output)
    run(cli.main, "portal-keys", house, keys)
    made.mkdir()
    (house / "unit.toml").write_text((house / "unit.toml").read_text() + f'path = "{made}"\n')
    return made


def test_a_complaint_on_a_stick_is_received_until_its_receipt_comes_back(
    house: Path, folder: Path, start: Callable[[Path], Unit], stick: Path
) -> None:
    unit = start(house)
    adapter = sync.adapter(unit.settings, house)
    assert adapter is not None
    feedback, receipts = Feedback(unit, adapter), stick / "receipts"
    reference = feedback.submit(Wish("complaint", "الانتظار طويل", "ar"), VISITOR)["reference"]
    give_up(unit, 2)
    poison = "UPDATE deliveries SET payload = json_set(payload, '$.data.leg', 0) WHERE sequence = 2"
    unit.writer.run(lambda store: store.execute(poison))
    sync.drain_unit(unit, adapter)
    look = feedback.stage(reference)
    assert (look["stage"], look["dates"]["transmitted"]) == ("received", None), "it may still lie on the unit's own machine"
    assert run(portal_cli.main, "import", folder, stick, "--receipts", receipts).output == "1 rejected, 2 stored\n"
    (receipt,) = receipts.glob("*-submission-*.json")
    assert run(cli.main, "sync-receipts", house, receipts).output == "1 submissions transmitted, 1 deliveries refused.\n"
    look = feedback.stage(reference)
    assert (look["stage"], look["dates"]["transmitted"]) == ("transmitted", json.loads(receipt.read_bytes())["imported"])
    with unit.reading() as store:
        (refused,) = outbox.refused(store)
    assert "/data/leg" in refused.error
    nothing_new = "0 submissions transmitted, 0 deliveries refused.\n"
    assert run(cli.main, "sync-receipts", house, receipts).output == nothing_new
    unit.writer.run(lambda store: outbox.send_again(store, refused.delivery, {**refused.payload["data"], "leg": 1}))
    sync.drain_unit(unit, adapter)
    assert "1 stored" in run(portal_cli.main, "import", folder, stick, "--receipts", receipts).output
    assert run(cli.main, "sync-receipts", house, receipts).output == nothing_new, "its old file on the stick is refused as before"
    assert states(unit) == {"done": 2}
    feedback.stages.stop()


def test_a_unit_that_is_never_online_sends_a_signed_stick(
    house: Path, folder: Path, start: Callable[[Path], Unit], stick: Path, conn: Connection, tmp_path: Path
) -> None:
    unit = start(house)
    visits = give_up(unit, contract.BATCH_SIZE + 20)
    adapter = sync.adapter(unit.settings, house)
    assert isinstance(adapter, FolderAdapter)
    sync.drain_unit(unit, adapter)
    assert run(portal_cli.main, "import", folder, stick, "--receipts", tmp_path / "receipts").output == "520 stored\n"
    assert visits_of(conn) == visits
    assert run(portal_cli.main, "import", folder, stick).output == "520 duplicate\n", "the same stick once more"
    receipts = [json.loads(path.read_bytes())["verdicts"] for path in sorted((tmp_path / "receipts").iterdir())]
    assert [len(one) for one in receipts] == [500, 20]
    one = next(path for path in stick.rglob("*.json"))
    one.write_bytes(one.read_bytes().replace(b'"leg":1', b'"leg":2', 1))
    refused = CliRunner().invoke(portal_cli.main, ["import", str(folder), str(stick)])
    assert refused.exit_code == 1
    assert one.name in refused.output
