"""Receipts of a stick's importer: what is none changes nothing, and what was not asked for is left alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from server import sync
from server.cli import main
from server.sync import outbox, receipts
from server.sync.adapters import CARRIED, STORED
from server.sync.adapters.folder import make_signing_key
from server.unit import Unit
from tests.server.sync.https import end_visits, owe_submission, states


def written(folder: Path, name: str, *verdicts: dict[str, str], **more: Any) -> Path:
    """A receipt in a folder of its own."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps({"imported": "2026-11-24T15:20:00.000Z", "verdicts": verdicts, **more}))
    return folder


@pytest.fixture
def sent(unit: Unit) -> list[str]:
    """The ids of three events that are on a stick."""
    make_signing_key(unit.folder)
    end_visits(unit, 3)
    adapter = sync.adapter(unit.settings, unit.folder)
    assert adapter is not None
    assert sync.drain_unit(unit, adapter) == 3
    with unit.reading() as conn:
        return [id for (id,) in conn.execute("SELECT event FROM deliveries WHERE kind = 'portal' ORDER BY id")]


def settled(unit: Unit, folder: Path) -> tuple[int, int]:
    found = receipts.read(folder)
    return unit.writer.run(lambda conn: receipts.settle(conn, found))


def test_what_the_portal_refused_comes_to_the_list_and_what_it_does_not_know_yet_is_kept_aside(
    unit: Unit, sent: list[str], tmp_path: Path
) -> None:
    verdicts = [
        {"id": sent[0], "verdict": "stored"},
        {"id": sent[1], "verdict": "rejected", "reason": "invalid", "detail": "/data/leg: minimum"},
        {"id": sent[2], "verdict": "rejected", "reason": "unknown-version"},
        {"id": "of another unit", "verdict": "rejected"},
    ]
    assert settled(unit, written(tmp_path / "receipts", "a.json", *verdicts)) == (0, 2)
    assert states(unit) == {"done": 1, "rejected": 1, "aside": 1}
    with unit.reading() as conn:
        assert [one.error for one in outbox.refused(conn)] == ["invalid: /data/leg: minimum", "unknown-version"]


def test_what_was_taken_once_is_taken_whatever_an_older_receipt_says(unit: Unit, sent: list[str], tmp_path: Path) -> None:
    for name, words in (("a.json", ("rejected", "stored")), ("b.json", ("duplicate", "conflict"))):
        written(tmp_path / "receipts", name, *({"id": id, "verdict": word} for id, word in zip(sent, words, strict=False)))
    assert settled(unit, tmp_path / "receipts") == (0, 0)
    assert states(unit) == {"done": 3}


def test_what_a_manager_has_decided_about_stays_decided(unit: Unit, sent: list[str], tmp_path: Path) -> None:
    folder = written(tmp_path / "receipts", "a.json", {"id": sent[0], "verdict": "conflict"})
    assert settled(unit, folder) == (0, 1)
    with unit.reading() as conn:
        (one,) = outbox.refused(conn)
    unit.writer.run(lambda conn: outbox.give_up(conn, one.delivery))
    assert settled(unit, folder) == (0, 0)


def test_only_a_submission_is_carried(unit: Unit) -> None:
    owe_submission(unit)
    with unit.reading() as conn:
        delivery, _, _ = outbox.owed_submission(conn) or (0, "", {})
    unit.writer.run(lambda conn: outbox.settle(conn, [delivery], [CARRIED]))
    with unit.reading() as conn:
        row = conn.execute("SELECT state, error FROM deliveries WHERE id = ?", (delivery,)).fetchone()
        assert (tuple(row), outbox.counts(conn)["pending"]) == (("carried", None), 0)
    assert not CARRIED.taken
    assert STORED.taken


NONE: dict[str, bytes] = {
    "a batch of the stick": b'[{"id": "x"}]',
    "a submission of the stick": b'{"reference": "K7QXM2PZA4CDEFGH"}',
    "cut off": b'{"verdicts": [{"id": "x", "verd',
    "no text": b"\xff\xfe",
    "a word that is no verdict": b'{"verdicts": [{"id": "x", "verdict": "carried"}]}',
    "no id": b'{"verdicts": [{"verdict": "stored"}]}',
    "verdicts that are none": b'{"verdicts": [1]}',
    "a day that is none": b'{"imported": "soon", "verdicts": []}',
    "a number for a day": b'{"imported": 1, "verdicts": []}',
}


@pytest.mark.parametrize("name", NONE)
def test_a_file_that_is_no_receipt_is_named_and_nothing_of_the_folder_is_taken_over(
    unit: Unit, sent: list[str], tmp_path: Path, name: str
) -> None:
    folder = written(tmp_path / "receipts", "a.json", {"id": sent[0], "verdict": "rejected"})
    (folder / "b.json").write_bytes(NONE[name])
    done = CliRunner().invoke(main, ["sync-receipts", str(unit.folder), str(folder)])
    assert (done.exit_code, "b.json is no receipt" in done.output) == (1, True)
    assert states(unit) == {"done": 3}
