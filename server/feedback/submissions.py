"""Submissions (decree 2-17-265): what the unit keeps of them, which is everything but what was written."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal import contract
from server import setup
from server.clock import Moment, rfc3339
from server.feedback.refusals import UnknownReference
from server.feedback.sealing import Sealed
from server.journal import Journal, encode
from server.visits import Caller
from server.visits.owed import owe_print

TYPES = contract.SUBMISSION_TYPES
STAGES = contract.STAGES
KIND, TARGET = "submission", "portal"


def new_reference() -> str:
    """80 random bits as 16 letters of A–Z 2–7: whoever holds it may see the stage."""
    return base64.b32encode(secrets.token_bytes(10)).decode()


def tidy_reference(written: str) -> str:
    """A reference as it was typed or scanned: without groups, in capitals, 0 and 1 and 8 as the letters they are taken for."""
    last = written.rstrip("/").rsplit("/", 1)[-1]
    return "".join(last.split()).replace("-", "").upper().translate(str.maketrans("018", "OIB"))


@dataclass(frozen=True, slots=True)
class Submission:
    """What is known of a submission without opening it."""

    reference: str
    type: str
    service: str | None
    language: str
    printers: tuple[str | None, str | None] = (None, None)


def keep(
    conn: Any, journal: Journal, now: Moment, one: Submission, sealed: Sealed, unit: str, day: str, caller: Caller
) -> dict[str, Any]:
    """Owe it to the portal, keep its reference and the unit's own sealed copy, note in the journal that there was one."""
    if one.service is not None:
        setup.service(conn, one.service)
    said = {"type": one.type, "service": one.service, "language": one.language}
    event = journal.append(conn, "submitted", said, actor=caller.id, moment=now)
    body = {
        "reference": one.reference, "type": one.type, "source": contract.SOURCE.format(unit=unit), "time": rfc3339(now.at),
        **({"service": one.service} if one.service else {}), "language": one.language, "sealed": sealed.portal,
    }  # fmt: skip
    printer, second = one.printers
    if printer is not None:
        owe_print(
            conn, event, printer, {"reference": one.reference, "language": one.language, "issued_at": now.at, "second": second}
        )
    delivery = conn.execute(
        "INSERT INTO deliveries(event, kind, target, payload, created_at) VALUES (?, ?, ?, ?, ?)",
        (event.id, KIND, TARGET, encode({"day": day, "body": body}), now.at),
    ).lastrowid
    conn.execute(
        "INSERT INTO submissions(reference, type, service, language, at, delivery, local) VALUES (?,?,?,?,?,?,?)",
        (one.reference, one.type, one.service, one.language, now.at, delivery, sealed.local),
    )
    return {"reference": one.reference}


def look(conn: Any, reference: str) -> dict[str, Any]:
    """`{reference, type, stage, dates}` as it is known here: what the portal told last, else what became of the sending. In a file
    on a stick it is still only received.

    Raises UnknownReference.
    """
    row = conn.execute(
        "SELECT s.type, s.at, s.stage, s.dates, d.state, d.done_at, s.language FROM submissions s"
        " LEFT JOIN deliveries d ON d.id = s.delivery WHERE s.reference = ?",
        (reference,),
    ).fetchone()
    if row is None:
        raise UnknownReference
    type, at, stage, dates, delivery, done_at, language = row
    told: dict[str, Any] = json.loads(dates) if dates else {}
    sent = rfc3339(done_at) if delivery == "done" and done_at else None
    known = {name: told.get(name) for name in STAGES} | {"received": told.get("received") or rfc3339(at)}
    known["transmitted"] = known["transmitted"] or sent
    reached = stage or ("transmitted" if sent else "received")
    return {"reference": reference, "type": type, "language": language, "stage": reached, "dates": known}


def note_stage(conn: Any, reference: str, told: Mapping[str, Any] | None, at: int) -> None:
    """Keep what the portal told of a submission: its stage and dates, never the answer."""
    if told is None or told.get("stage") not in STAGES:
        conn.execute("UPDATE submissions SET asked_at = ? WHERE reference = ?", (at, reference))
        return
    dates = {name: value for name, value in dict(told.get("dates") or {}).items() if name in STAGES and isinstance(value, str)}
    conn.execute(
        "UPDATE submissions SET asked_at = ?, stage = ?, dates = ? WHERE reference = ?",
        (at, told["stage"], encode(dates), reference),
    )


def to_follow(conn: Any, before: int, limit: int) -> list[str]:
    """Submissions that the portal has, or that were carried there, that are not answered and were not asked about since `before`
    (UTC ms)."""
    rows = conn.execute(
        "SELECT s.reference FROM submissions s JOIN deliveries d ON d.id = s.delivery WHERE (s.stage IS NULL"
        " OR s.stage <> 'answered') AND s.asked_at < ? AND d.state IN ('done', 'carried') ORDER BY s.asked_at LIMIT ?",
        (before, limit),
    )
    return [reference for (reference,) in rows]
