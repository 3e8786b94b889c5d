"""The contract between a unit and the national portal: what a visit event looks like and how events travel together.

CloudEvents 1.0 (JSON event format, batched content mode), with the `sequence` extension for order and gaps within an
`epoch`, one per start of a unit. Data-minimised: no name, no clerk, no ticket number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

VERSION = "1.0"
BATCH_MEDIA_TYPE = "application/cloudevents-batch+json"
BATCH_SIZE = 500
EVENT_TYPE = "ma.istiqbal.visit.{type}.v1"


def visit_event(*, id: str, unit: str, epoch: str, sequence: int, type: str, time: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """One CloudEvent. `type` is the journal's word (`served`, `no_show` …), `time` RFC 3339 in UTC."""
    return {
        "specversion": "1.0",
        "id": id,
        "source": f"urn:istiqbal:unit:{unit}",
        "type": EVENT_TYPE.format(type=type),
        "time": time,
        "datacontenttype": "application/json",
        "dataschema": "urn:istiqbal:schema:visit-event:1",
        "epoch": epoch,
        "sequence": f"{sequence:020d}",
        "data": dict(data),
    }


def batch(events: Sequence[Mapping[str, Any]]) -> bytes:
    """Events as one `application/cloudevents-batch+json` document."""
    return json.dumps(list(events), ensure_ascii=False, separators=(",", ":")).encode()


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a batch."""
    text = files("portal.contract").joinpath("visit-events.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
