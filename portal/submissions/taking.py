"""One sealed submission in, once; and how far it is, for the unit that sent it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import jsonschema_rs
import orjson

from portal import contract
from portal.clock import rfc3339
from portal.contract.sealing import kid_of
from portal.errors import BadKey, Invalid, KeyReused, NoSuchSubmission, NotJson, ReferenceTaken, TooLarge, WrongSource
from portal.settings import Deadlines
from portal.store.database import Connection

_VALIDATOR = jsonschema_rs.validator_for(contract.schema("submission"))
FIELDS = ("reference", "type", "time", "service", "category", "language", "sealed")
INSERT = """
INSERT INTO submissions(unit, key, administration, reference, type, time, service, category, language, sealed)
SELECT unit, %(key)s, administration, %(reference)s, %(type)s, %(time)s, %(service)s, %(category)s, %(language)s, %(sealed)s
FROM units WHERE unit = %(unit)s ON CONFLICT DO NOTHING
"""


def read(body: bytes, unit: str) -> dict[str, Any]:
    """The submission in a request's body. Raises TooLarge, NotJson, Invalid or WrongSource; quotes nothing of it."""
    if len(body) > contract.SUBMISSION_BYTES:
        raise TooLarge(f"A submission has at most {contract.SUBMISSION_BYTES} bytes.")
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise NotJson from None
    fault = next(iter(_VALIDATOR.iter_errors(said)), None)
    if fault is not None:
        raise Invalid(f"/{'/'.join(str(step) for step in fault.instance_path)}: {fault.schema_path[-1]}")
    if any("\0" in said.get(name, "") for name in FIELDS):
        raise Invalid("A value holds a NUL.")
    try:
        kid_of(said["sealed"])
        datetime.fromisoformat(said["time"])
    except (KeyError, TypeError, ValueError):
        raise Invalid("/sealed: no JWE header with a kid, or /time: no instant.") from None
    if said["source"] != contract.SOURCE.format(unit=unit):
        raise WrongSource
    assert isinstance(said, dict)
    return said


def take(conn: Connection, unit: str, key: str | None, said: dict[str, Any]) -> bool:
    """Store it; whether it is new. Raises BadKey, KeyReused or ReferenceTaken."""
    if not key or len(key) > 128 or not all("!" <= sign <= "~" for sign in key):
        raise BadKey
    values = {"unit": unit, "key": key, **{name: said.get(name) for name in FIELDS}}
    if conn.execute(INSERT, values).rowcount == 1:
        return True
    row = conn.execute(f"SELECT {', '.join(FIELDS)} FROM submissions WHERE unit = %s AND key = %s".encode(), (unit, key)).fetchone()
    if row is None:
        raise ReferenceTaken
    stored = dict(zip(FIELDS, row, strict=True))
    stored["time"] = rfc3339(stored["time"])
    if stored != {name: said.get(name) for name in FIELDS}:
        raise KeyReused
    return False


STAGE = """
SELECT reference, time, transmitted_at, assigned_at, answered_at, answer, answer_language FROM submissions
WHERE unit = %s AND reference = %s
"""


def stage(conn: Connection, unit: str, reference: str, deadlines: Deadlines) -> dict[str, Any]:
    """How far it is, as stage.schema.json has it. Raises NoSuchSubmission."""
    row = conn.execute(STAGE, (unit, reference)).fetchone()
    if row is None:
        raise NoSuchSubmission
    _, received, transmitted, assigned, answered, answer, language = row
    reached = "answered" if answered else "assigned" if assigned else "transmitted"
    shown: dict[str, Any] = {
        "reference": reference,
        "stage": reached,
        "dates": {
            "received": rfc3339(received),
            "transmitted": rfc3339(transmitted),
            "assigned": rfc3339(assigned) if assigned else None,
            "answered": rfc3339(answered) if answered else None,
        },
        "deadlines": {
            "assigned": rfc3339(transmitted + timedelta(days=deadlines.assign_days)),
            "answered": rfc3339(transmitted + timedelta(days=deadlines.answer_days)),
        },
    }
    if answered and answer:
        shown["answer"] = {"text": answer, **({"language": language} if language else {})}
    return shown
