"""What is owed to the portal: deliveries in order, settled by the portal's verdicts.

A delivery is `pending` until the portal has it (`done`), refuses it (`rejected`: the list that a manager reads, mends or sends
again), or does not know its kind yet (`aside`: sent again once the portal's contract is newer). A submission in a file on a stick
is `carried` until a receipt says what became of it (`receipts`); an event in one is done, as far as the unit is concerned.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from portal import contract
from server import errors
from server.clock import wall_ms
from server.journal import encode
from server.sync.adapters import CARRIED, Owed, Verdict

EVENT, SUBMISSION = "portal", "submission"
UNKNOWN_VERSION = "unknown-version"
PENDING = "state = 'pending' AND kind = ? AND target = 'portal'"


def owed_events(conn: Any, unit: str, limit: int = contract.BATCH_SIZE) -> list[Owed]:
    """The oldest owed events: of one epoch, at most `limit`."""
    rows = conn.execute(
        "SELECT id, event, epoch, sequence, payload FROM deliveries WHERE state = 'pending' AND kind = ? AND target = 'portal'"
        " ORDER BY id LIMIT ?",
        (EVENT, limit),
    ).fetchall()
    return [
        Owed(id, (payload := _payload(text))["day"], as_event(unit, event, epoch, sequence, payload))
        for id, event, epoch, sequence, text in rows
        if epoch == rows[0][2]
    ]


def _payload(text: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = orjson.loads(text)
    except ValueError:  # a poison that only the patient reader takes must not stop the line
        found = json.loads(text)
    return found


def as_event(unit: str, id: str, epoch: str, sequence: int, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The CloudEvent of a stored payload `{type, time, day, data}`; `type` is the journal's word."""
    make = contract.rating_event if payload["type"] == "rated" else None
    if make is not None:
        return make(id=id, unit=unit, epoch=epoch, sequence=sequence, time=payload["time"], data=payload["data"])
    return contract.visit_event(
        id=id, unit=unit, epoch=epoch, sequence=sequence, type=payload["type"], time=payload["time"], data=payload["data"]
    )


def owed_submission(conn: Any) -> tuple[int, str, dict[str, Any]] | None:
    """The oldest owed submission: its delivery, its local day, its body."""
    row = conn.execute(
        "SELECT id, payload FROM deliveries WHERE state = 'pending' AND kind = ? AND target = 'portal' ORDER BY id LIMIT 1",
        (SUBMISSION,),
    ).fetchone()
    if row is None:
        return None
    payload = json.loads(row[1])
    return row[0], payload["day"], payload["body"]


def settle(conn: Any, deliveries: Sequence[int], verdicts: Iterable[Verdict], at: int | None = None) -> None:
    """Keep what became of each delivery, `at` UTC ms (now, when left out); what was taken goes in one statement."""
    now, taken, others = wall_ms() if at is None else at, [], []
    for id, one in zip(deliveries, verdicts, strict=True):
        if one.taken:
            taken.append(id)
        else:
            others.append((_state(one), None if one == CARRIED else one.told(), now, id))
    conn.execute(
        "UPDATE deliveries SET state = 'done', attempts = attempts + 1, error = NULL, done_at = ?"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (now, encode(taken)),
    )
    conn.executemany("UPDATE deliveries SET state = ?, attempts = attempts + 1, error = ?, done_at = ? WHERE id = ?", others)


def _state(verdict: Verdict) -> str:
    if verdict == CARRIED:
        return "carried"
    return "aside" if verdict.reason == UNKNOWN_VERSION else "rejected"


def send_aside_again(conn: Any) -> None:
    """Owe again what the portal did not know, now that it may."""
    conn.execute("UPDATE deliveries SET state = 'pending', error = NULL WHERE state = 'aside'")


def counts(conn: Any, most: int = -1) -> dict[str, int]:
    """How many deliveries to the portal are `pending`, `rejected` and `aside`, events and submissions together.

    Counted up to `most` of each kind, so that a screen does not wait for a long backlog.
    """
    pending = [_count(conn, PENDING, (kind,), most) for kind in (EVENT, SUBMISSION)]
    refused = {state: _count(conn, "state = ?", (state,), most) for state in ("rejected", "aside")}
    return {"pending": sum(pending), **refused}


def _count(conn: Any, where: str, values: tuple[str, ...], most: int) -> int:
    row = conn.execute(f"SELECT COUNT(*) FROM (SELECT 1 FROM deliveries WHERE {where} LIMIT ?)", (*values, most)).fetchone()
    return int(row[0])


def oldest_pending(conn: Any) -> int | None:
    """When the longest-owed delivery was made, UTC ms."""
    rows = [
        conn.execute(
            "SELECT created_at FROM deliveries WHERE state = 'pending' AND kind = ? AND target = 'portal' ORDER BY id LIMIT 1",
            (kind,),
        ).fetchone()
        for kind in (EVENT, SUBMISSION)
    ]
    return min((row[0] for row in rows if row), default=None)


@dataclass(frozen=True, slots=True)
class Refused:
    """A delivery that the portal refused, or does not know yet (`state` `aside`); `payload` is what is stored of it."""

    delivery: int
    kind: str
    state: str
    error: str
    created_at: int
    payload: dict[str, Any]


class NotRefused(errors.Refused):
    """Somebody else has sent it again, or it never was refused."""

    status, slug = 409, "not-refused"
    message = errors.N_("This is no longer on the list of what the portal refused.")


def refused(conn: Any, limit: int = 200) -> list[Refused]:
    """What the portal refused, the oldest first."""
    rows = conn.execute(f"{_REFUSED} ORDER BY id LIMIT ?", (limit,))
    return [_refused(row) for row in rows]


def refused_one(conn: Any, delivery: int) -> Refused:
    """One of them; raises NotRefused."""
    row = conn.execute(f"{_REFUSED} AND id = ?", (delivery,)).fetchone()
    if row is None:
        raise NotRefused
    return _refused(row)


def send_again(conn: Any, delivery: int, data: Mapping[str, Any] | None = None) -> Refused:
    """Owe a refused delivery again under its old id and sequence, with other `data` when it was mended; what it was before.

    Raises NotRefused.
    """
    before = refused_one(conn, delivery)
    payload = before.payload if data is None else {**before.payload, "data": dict(data)}
    conn.execute("UPDATE deliveries SET state = 'pending', error = NULL, payload = ? WHERE id = ?", (encode(payload), delivery))
    return before


def give_up(conn: Any, delivery: int) -> Refused:
    """Take a refused delivery off the list for good: the portal will keep a gap. Raises NotRefused."""
    before = refused_one(conn, delivery)
    conn.execute("UPDATE deliveries SET state = 'given_up' WHERE id = ?", (delivery,))
    return before


_REFUSED = "SELECT id, kind, state, error, created_at, payload FROM deliveries WHERE state IN ('rejected', 'aside')"


def _refused(row: Any) -> Refused:
    delivery, kind, state, error, created_at, payload = row
    return Refused(delivery, kind, state, error or "", created_at, json.loads(payload))
