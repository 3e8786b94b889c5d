"""What an importer's receipts say became of the files on a stick: carried back, they settle here what was only written.

A submission is transmitted when the portal had it, and an event that the portal refused comes to the manager's list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from server.clock import MS, wall_ms
from server.errors import UnitError
from server.journal import encode
from server.sync import outbox
from server.sync.adapters import TAKEN, Verdict

VERDICTS = TAKEN | {"conflict", "rejected"}
LONGEST_WORD = 500


@dataclass(frozen=True, slots=True)
class Receipt:
    """The portal's verdict on one event or submission, and when it had it (UTC ms)."""

    verdict: Verdict
    at: int


def read(folder: Path) -> dict[str, Receipt]:
    """The receipts below `folder`, by an event's id or a submission's reference. Of several the one that took it counts: a mended
    event may be on the stick in its old file too. Raises UnitError for a file that is no receipt."""
    found: dict[str, Receipt] = {}
    for path in sorted(folder.rglob("*.json")):
        try:
            for id, receipt in _receipts(json.loads(path.read_bytes())):
                if id not in found or not found[id].verdict.taken:
                    found[id] = receipt
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnitError(f"{path} is no receipt of the portal's importer: {type(error).__name__}.") from error
    return found


def _receipts(said: Any) -> Iterator[tuple[str, Receipt]]:
    """Raises ValueError, KeyError, TypeError or AttributeError for what is no receipt. Importers of before did not say when."""
    imported = said.get("imported")
    at = wall_ms() if imported is None else int(datetime.fromisoformat(imported).timestamp() * MS)
    for one in said["verdicts"]:
        if one["verdict"] not in VERDICTS:
            raise ValueError
        told = (str(one.get(name) or "")[:LONGEST_WORD] for name in ("reason", "detail"))
        yield str(one["id"]), Receipt(Verdict(one["verdict"], *told), at)


def settle(conn: Any, receipts: Mapping[str, Receipt]) -> tuple[int, int]:
    """How many submissions were transmitted by them, and how many events and submissions were refused. May be told again."""
    refused = {id: one for id, one in receipts.items() if not one.verdict.taken}
    arrived = _written(conn, outbox.SUBMISSION, receipts.keys() - refused.keys(), "carried")
    came_back = [*_written(conn, outbox.SUBMISSION, refused, "carried", "done"), *_written(conn, outbox.EVENT, refused, "done")]
    for delivery, id in [*arrived, *came_back]:
        outbox.settle(conn, [delivery], [receipts[id].verdict], receipts[id].at)
    return len(arrived), len(came_back)


# The id of what was sent stands in the delivery's event, and for a submission in its own table.
_OF_KIND = {
    outbox.EVENT: "SELECT id, event AS sent, state FROM deliveries WHERE kind = 'portal'",
    outbox.SUBMISSION: "SELECT d.id, s.reference AS sent, d.state FROM submissions s JOIN deliveries d ON d.id = s.delivery",
}


def _written(conn: Any, kind: str, ids: Iterable[str], *states: str) -> list[tuple[int, str]]:
    """The deliveries of this kind in one of these states: their number, and the id under which they were sent."""
    rows = conn.execute(
        f"SELECT id, sent FROM ({_OF_KIND[kind]}) WHERE sent IN (SELECT value FROM json_each(?))"
        " AND state IN (SELECT value FROM json_each(?)) ORDER BY id",
        (encode(list(ids)), encode(states)),
    )
    return [(int(id), str(sent)) for id, sent in rows]
