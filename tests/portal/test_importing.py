"""What comes on a stick is trusted by its signature, and taken once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from portal import contract, units
from portal.clock import rfc3339
from portal.contract import signing
from portal.importing import import_folder
from portal.store.database import Connection
from tests.portal.sender import Sender
from tests.portal.test_submissions import a_submission

NOW = datetime.now(UTC)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def key(sender: Sender, conn: Connection) -> dict[str, Any]:
    made = signing.new_signing_key()
    units.set_signing_key(conn, sender.unit, signing.public(made))
    return made


def write(stick: Path, name: str, content: bytes, unit: str, key: dict[str, Any] | None) -> Path:
    path = stick / "2026-11-23" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if key is not None:
        path.with_name(path.name + ".jws").write_text(signing.sign(content, unit, key))
    return path


def test_it_takes_a_signed_stick_once_and_gives_receipts(
    sender: Sender, conn: Connection, key: dict[str, Any], stick: Path
) -> None:
    events = [sender.leg() for _ in range(3)]
    said = a_submission(sender)
    batch = write(stick, f"{sender.epoch}-{1:020d}.json", contract.batch(events), sender.unit, key)
    write(stick, f"submission-{said['reference']}.json", json.dumps(said).encode(), sender.unit, key)
    done = import_folder(conn, stick, NOW, receipts=stick.parent / "receipts")
    assert (dict(done.verdicts), done.refused) == ({"stored": 4}, [])
    receipt = json.loads((stick.parent / "receipts" / f"{sender.unit}-{batch.name}").read_text())
    assert receipt["verdicts"][0] == {"id": events[0]["id"], "verdict": "stored"}
    assert dict(import_folder(conn, stick, NOW).verdicts) == {"duplicate": 4}
    assert sender.verdicts(events) == ["duplicate"] * 3, "also by the other way"


def test_what_is_refused_has_a_receipt_too_and_receipts_on_the_stick_are_not_imported(
    sender: Sender, conn: Connection, key: dict[str, Any], stick: Path
) -> None:
    said = a_submission(sender)
    bad = write(stick, f"submission-{said['reference']}.json", json.dumps({**said, "text": "in plain"}).encode(), sender.unit, key)
    write(stick, f"{sender.epoch}-{1:020d}.json", contract.batch([sender.leg(leg=0)]), sender.unit, key)
    for _ in range(2):
        done = import_folder(conn, stick, NOW, receipts=stick / "receipts")
        assert (dict(done.verdicts), done.refused) == ({"rejected": 2}, [])
    receipt = json.loads((stick / "receipts" / f"{sender.unit}-{bad.name}").read_text())
    assert receipt["imported"] == rfc3339(NOW)
    (told,) = receipt["verdicts"]
    assert (told["id"], told["verdict"], told["reason"]) == (said["reference"], "rejected", "invalid")


def test_it_takes_nothing_it_can_not_trust(sender: Sender, conn: Connection, key: dict[str, Any], stick: Path) -> None:
    units.add(conn, "sale-1", "Salé", "Commune de Salé")
    batch = contract.batch([sender.leg()])
    write(stick, "a-unsigned.json", batch, sender.unit, None)
    write(stick, "b-changed.json", batch, sender.unit, key).write_bytes(batch.replace(b"etat-civil", b"etat-civic"))
    write(stick, "c-foreign-key.json", batch, sender.unit, signing.new_signing_key())
    write(stick, "d-no-key.json", batch, "sale-1", key)
    write(stick, "e-nobody.json", batch, "nobody", key)
    write(stick, "f-cut.json", batch[:-4], sender.unit, key)
    (stick / "g.json").mkdir()
    done = import_folder(conn, stick, NOW)
    assert done.verdicts == {}
    assert [Path(line.split(": ")[0]).name[0] for line in done.refused] == list("abcdefg")
    assert conn.execute("SELECT count(*) FROM events").fetchone() == (0,)
    units.revoke(conn, sender.unit)
    write(stick, "h-revoked.json", batch, sender.unit, key)
    assert import_folder(conn, stick, NOW).verdicts == {}


def test_a_unit_can_not_speak_for_another(sender: Sender, conn: Connection, stick: Path) -> None:
    units.add(conn, "sale-1", "Salé", "Commune de Salé")
    made = signing.new_signing_key()
    units.set_signing_key(conn, "sale-1", signing.public(made))
    write(stick, "x.json", contract.batch([sender.leg()]), "sale-1", made)
    assert dict(import_folder(conn, stick, NOW).verdicts) == {"rejected": 1}


def test_files_without_signature_are_taken_when_the_operator_vouches_for_them(
    sender: Sender, conn: Connection, stick: Path
) -> None:
    write(stick, "x.json", contract.batch([sender.leg()]), sender.unit, None)
    assert dict(import_folder(conn, stick, NOW, unsigned=sender.unit).verdicts) == {"stored": 1}
