"""JSON as it goes over the wire: orjson, so that Arabic and Tifinagh are sent as themselves, not escaped."""

from __future__ import annotations

from typing import Any

import orjson


def dumps(value: Any, **_: Any) -> str:
    """JSON text; extra arguments that the callers' own json module would take are not needed."""
    return orjson.dumps(value).decode()


def loads(text: str | bytes, **_: Any) -> Any:
    """The value of a JSON text; raises ValueError."""
    return orjson.loads(text)
