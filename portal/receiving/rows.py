"""An event as a row of the table `events`, in PostgreSQL's COPY text format."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import orjson

from portal import contract

COLUMNS = (
    "stream", "sequence", "id", "kind", "at", "visit", "leg", "service", "language", "priority", "counter", "joined",
    "called_after", "waited", "walked", "served", "left_after", "recalls", "outcome", "extra",
)  # fmt: skip
NUMBERS = COLUMNS[COLUMNS.index("called_after") : COLUMNS.index("outcome")]
COPY = f"COPY events ({', '.join(COLUMNS)}) FROM STDIN"
KIND_OF = {contract.EVENT_TYPE.format(type=word): word for word in contract.VISIT_EVENTS}
RATING, COUNTS = "rating", "counts"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def line(event: dict[str, Any]) -> str:
    """What stands behind the stream in an event's line of COPY text; `text` makes lines of it."""
    kind = KIND_OF.get(event["type"])
    if kind is not None:
        return _visit_line(kind, event, event["data"])
    return _other_line(event, event["data"])


def text(stream: int, lines: Sequence[str]) -> bytes:
    """COPY text of events of one stream."""
    begin = f"{stream}\t"
    return (begin + f"\n{begin}".join(lines) + "\n").encode()


def _visit_line(kind: str, event: dict[str, Any], data: dict[str, Any]) -> str:
    get = data.get
    numbers = "\t".join(["\\N" if value is None else str(int(value)) for value in map(get, NUMBERS)])
    return (
        f"{event['sequence']}\t{event['id']}\t{kind}\t{event['time']}\t{data['visit']}\t{int(data['leg'])}"
        f"\t{_text(data['service'])}\t{data['language']}\t{_text(get('priority'))}\t{_number(get('counter'))}\t{data['joined']}"
        f"\t{numbers}\t{_text(get('outcome'))}\t\\N"
    )


def _other_line(event: dict[str, Any], data: dict[str, Any]) -> str:
    """A rating or an hour's counts; what is theirs alone goes into `extra`."""
    kind = RATING if event["type"] == contract.RATING_TYPE else COUNTS
    extra = {name: value for name, value in data.items() if name not in ("visit", "service", "language", "hour")}
    return (
        f"{event['sequence']}\t{event['id']}\t{kind}\t{event['time']}\t{data.get('visit', chr(92) + 'N')}\t\\N"
        f"\t{_text(data['service'])}\t{_text(data.get('language'))}\t\\N\t\\N\t{data.get('hour', event['time'])}"
        f"\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t{_escaped(orjson.dumps(extra, option=orjson.OPT_SORT_KEYS).decode())}"
    )


def _number(value: int | None) -> int | str:
    return "\\N" if value is None else int(value)


@lru_cache(maxsize=4096)
def _text(value: str | None) -> str:
    """A short word that comes again and again: a service, a priority, an outcome."""
    return "\\N" if value is None else _escaped(value)


def _escaped(value: str) -> str:
    return value.translate(_ESCAPES)
