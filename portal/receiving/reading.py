"""A batch as it comes over the wire: bounded gunzip, JSON, and each event held against its schema."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
import orjson

from portal import contract
from portal.errors import NotABatch, NotGzip, NotJson, TooLarge

Event = dict[str, Any]


@dataclass(slots=True)
class Verdict:
    """What became of one event; `reason` and `detail` with `rejected` only."""

    id: str | None
    verdict: str = "stored"
    reason: str | None = None
    detail: str | None = None

    def reject(self, reason: str, detail: str | None = None) -> None:
        self.verdict, self.reason, self.detail = "rejected", reason, detail

    def shown(self) -> dict[str, str | None]:
        if self.verdict != "rejected":
            return {"id": self.id, "verdict": self.verdict}
        said = {"id": self.id, "verdict": self.verdict, "reason": self.reason}
        return {**said, "detail": self.detail} if self.detail else said


def _validators() -> dict[str, Any]:
    visit, rating, counts = (
        jsonschema_rs.validator_for(contract.schema(name)) for name in ("visit-event", "rating-event", "counts-event")
    )
    visits = {contract.EVENT_TYPE.format(type=word): visit for word in contract.VISIT_EVENTS}
    return {**visits, contract.RATING_TYPE: rating, contract.COUNTS_TYPE: counts}


VALIDATORS = _validators()


def unpack(body: bytes, encoding: str) -> bytes:
    """The body without its content encoding, at most contract.BATCH_BYTES. Raises NotGzip or TooLarge."""
    if encoding != "gzip":
        return body
    gunzip = zlib.decompressobj(31)
    try:
        plain = gunzip.decompress(body, contract.BATCH_BYTES + 1)
    except zlib.error:
        raise NotGzip from None
    if len(plain) > contract.BATCH_BYTES:
        raise TooLarge(f"A batch has at most {contract.BATCH_BYTES} bytes after gunzip.")
    if not gunzip.eof or gunzip.unused_data:
        raise NotGzip
    return plain


def parse(plain: bytes) -> Sequence[Any]:
    """The events as JSON has them. Raises NotJson, NotABatch or TooLarge."""
    try:
        events = orjson.loads(plain)
    except orjson.JSONDecodeError:
        events = _parse_leniently(plain)
    if not isinstance(events, list) or not events:
        raise NotABatch
    if len(events) > contract.BATCH_SIZE:
        raise TooLarge(f"A batch has at most {contract.BATCH_SIZE} events.")
    return events


def _parse_leniently(plain: bytes) -> Any:
    """A lone surrogate in one event must not condemn the others; the strict parser refuses it."""
    try:
        return json.loads(plain)
    except (ValueError, RecursionError):
        raise NotJson from None


def judge(event: Any, source: str) -> Verdict:
    """The verdict on an event by its schema alone: `stored` for what may be stored. `source`: as the unit that calls is named."""
    if not isinstance(event, dict):
        return Verdict(None, "rejected", "invalid", "not an object")
    told = event.get("id")
    verdict = Verdict(told if isinstance(told, str) and len(told) == 26 and told.isascii() else None)
    kind = event.get("type")
    validator = VALIDATORS.get(kind) if isinstance(kind, str) else None
    if validator is None:
        known = not isinstance(kind, str)
        verdict.reject("invalid" if known else "unknown-version", "/type: not known here")
    elif not _valid(validator, event):
        _explain(verdict, validator, event)
    elif event["source"] != source:
        verdict.reject("wrong-source", "/source: not the unit that calls")
    return verdict


def _valid(validator: Any, event: Event) -> bool:
    try:
        return bool(validator.is_valid(event))
    except ValueError:
        return False


def _explain(verdict: Verdict, validator: Any, event: Event) -> None:
    """Where and which rule; nothing of the event's data is quoted."""
    if _bytes(event) > contract.EVENT_BYTES:
        verdict.reject("too-large", f"more than {contract.EVENT_BYTES} bytes")
        return
    schema = event.get("dataschema")
    if isinstance(schema, str) and schema not in contract.DATA_SCHEMAS:
        verdict.reject("unknown-version", "/dataschema: not known here")
        return
    try:
        first = next(iter(validator.iter_errors(event)))
        where = "/".join(str(step) for step in first.instance_path)
        rule = str(first.schema_path[-1]) if first.schema_path else "schema"
        verdict.reject("invalid", f"/{where}: {rule}")
    except (ValueError, StopIteration):
        verdict.reject("invalid", "text that is no Unicode")


def _bytes(event: Event) -> int:
    """What is valid is always less: the schemas bound every text. So only what is not valid is measured."""
    try:
        return len(orjson.dumps(event))
    except (TypeError, ValueError):
        return 0
