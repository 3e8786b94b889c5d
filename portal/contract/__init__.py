"""The contract between a unit and the national portal; explained in docs/portal-contract.md.

Events are CloudEvents 1.0 (JSON event format, batched content mode) with a `sequence` for order and gaps within an
`epoch`, one per start of a unit. Data-minimised: no name, no clerk, no ticket number. `openapi.json` and the schemas
beside it are the contract itself; this module builds what they describe, and needs neither Flask nor PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

VERSION = "1.0"
VERSION_HEADER = "Istiqbal-Contract"
BATCH_MEDIA_TYPE = "application/cloudevents-batch+json"
BATCH_SIZE = 500
"""Most events in a batch."""
BATCH_BYTES = 4 * 1024 * 1024
"""Most bytes of a batch after gunzip."""
EVENT_BYTES = 32 * 1024
"""Most bytes of one event as JSON."""
SUBMISSION_BYTES = 512 * 1024
"""Most bytes of a submission's body."""

VISIT_EVENTS = ("served", "no_show", "transferred", "cancelled", "expired")
EVENT_TYPE = "ma.istiqbal.visit.{type}.v1"
RATING_TYPE = "ma.istiqbal.rating.given.v1"
COUNTS_TYPE = "ma.istiqbal.counts.hour.v1"
"""Reserved: no unit sends it yet."""
EVENT_TYPES = (*(EVENT_TYPE.format(type=word) for word in VISIT_EVENTS), RATING_TYPE, COUNTS_TYPE)
VISIT_SCHEMA = "urn:istiqbal:schema:visit-event:1"
RATING_SCHEMA = "urn:istiqbal:schema:rating-event:1"
COUNTS_SCHEMA = "urn:istiqbal:schema:counts-event:1"
DATA_SCHEMAS = (VISIT_SCHEMA, RATING_SCHEMA, COUNTS_SCHEMA)
REASONS = ("waiting", "welcome", "clarity", "outcome", "place")
SUBMISSION_TYPES = ("complaint", "observation", "suggestion")
STAGES = ("received", "transmitted", "assigned", "answered")
SOURCE = "urn:istiqbal:unit:{unit}"
SCHEMAS = (
    "visit-event", "rating-event", "counts-event", "batch", "submission", "submission-text",
    "verdicts", "stage", "keys", "problem", "about", "token",
)  # fmt: skip


def visit_event(*, id: str, unit: str, epoch: str, sequence: int, type: str, time: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The end of a leg. `type` is the journal's word (`served`, `no_show` …), `time` RFC 3339 in UTC with milliseconds."""
    return event(EVENT_TYPE.format(type=type), VISIT_SCHEMA, id=id, unit=unit, epoch=epoch, sequence=sequence, time=time, data=data)


def rating_event(*, id: str, unit: str, epoch: str, sequence: int, time: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """A citizen's rating of a visit; a comment in `data` is sealed already."""
    return event(RATING_TYPE, RATING_SCHEMA, id=id, unit=unit, epoch=epoch, sequence=sequence, time=time, data=data)


def event(
    type: str, dataschema: str, *, id: str, unit: str, epoch: str, sequence: int, time: str, data: Mapping[str, Any]
) -> dict[str, Any]:
    """One CloudEvent; `sequence` counts from 1 over all types within the epoch."""
    return {
        "specversion": "1.0",
        "id": id,
        "source": SOURCE.format(unit=unit),
        "type": type,
        "time": time,
        "datacontenttype": "application/json",
        "dataschema": dataschema,
        "epoch": epoch,
        "sequence": f"{sequence:020d}",
        "data": dict(data),
    }


def batch(events: Sequence[Mapping[str, Any]]) -> bytes:
    """Events as one `application/cloudevents-batch+json` document."""
    try:
        return orjson.dumps(list(events))
    except TypeError:  # a number beyond 64 bits, half a surrogate, a thousand brackets: the portal shall judge that one event
        return json.dumps(list(events), separators=(",", ":")).encode()


@cache
def _read(name: str) -> str:
    return files("portal.contract").joinpath(name).read_text(encoding="utf-8")


def schema(name: str = "batch") -> dict[str, Any]:
    """A JSON Schema (2020-12) of SCHEMAS by its name, complete in itself."""
    loaded: dict[str, Any] = json.loads(_read(f"{name}.schema.json"))
    if name == "batch":
        loaded["$defs"] = {one: schema(one) for one in ("visit-event", "rating-event", "counts-event")}
    return loaded


def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 document with the schemas inside it."""
    text = _read("openapi.json")
    for name in SCHEMAS:
        text = text.replace(f'"{name}.schema.json"', f'"#/components/schemas/{name}"')
    loaded: dict[str, Any] = json.loads(text)
    loaded["components"]["schemas"] = {name: schema(name) for name in SCHEMAS}
    return loaded
