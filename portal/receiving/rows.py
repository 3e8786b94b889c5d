"""An event as a row of the table `events`, in PostgreSQL's COPY text format."""

from __future__ import annotations

from typing import Any

import orjson

from portal import contract

COLUMNS = (
    "stream", "sequence", "id", "kind", "at", "visit", "leg", "service", "language", "priority", "counter", "joined",
    "called_after", "waited", "walked", "served", "left_after", "recalls", "outcome", "extra",
)  # fmt: skip
COPY = f"COPY events ({', '.join(COLUMNS)}) FROM STDIN"
KIND_OF = {contract.EVENT_TYPE.format(type=word): word for word in contract.VISIT_EVENTS}
RATING, COUNTS = "rating", "counts"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def row(stream: int, event: dict[str, Any]) -> str:
    """One line of COPY text, with its end of line."""
    kind = KIND_OF.get(event["type"])
    if kind is not None:
        return _visit_row(stream, kind, event, event["data"])
    return _other_row(stream, event, event["data"])


def _visit_row(stream: int, kind: str, event: dict[str, Any], data: dict[str, Any]) -> str:
    get = data.get
    return (
        f"{stream}\t{int(event['sequence'])}\t{event['id']}\t{kind}\t{event['time']}\t{data['visit']}\t{data['leg']}"
        f"\t{_text(data['service'])}\t{data['language']}\t{_text(get('priority'))}\t{_number(get('counter'))}\t{data['joined']}"
        f"\t{_number(get('called_after'))}\t{_number(get('waited'))}\t{_number(get('walked'))}\t{_number(get('served'))}"
        f"\t{_number(get('left_after'))}\t{_number(get('recalls'))}\t{_text(get('outcome'))}\t\\N\n"
    )


def _other_row(stream: int, event: dict[str, Any], data: dict[str, Any]) -> str:
    """A rating or an hour's counts; what is theirs alone goes into `extra`."""
    kind = RATING if event["type"] == contract.RATING_TYPE else COUNTS
    extra = {name: value for name, value in data.items() if name not in ("visit", "service", "language", "hour")}
    return (
        f"{stream}\t{int(event['sequence'])}\t{event['id']}\t{kind}\t{event['time']}\t{data.get('visit', chr(92) + 'N')}\t\\N"
        f"\t{_text(data['service'])}\t{_text(data.get('language'))}\t\\N\t\\N\t{data.get('hour', event['time'])}"
        f"\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t{_text(orjson.dumps(extra, option=orjson.OPT_SORT_KEYS).decode())}\n"
    )


def _number(value: int | None) -> int | str:
    return "\\N" if value is None else int(value)


def _text(value: str | None) -> str:
    return "\\N" if value is None else value.translate(_ESCAPES)
