"""The log: one JSON object a line on stderr, for journald and whoever reads it. Nothing in it says who came to the hall.

An error is told by its kind and by where in the code it came from. Its message goes along only where it is the machine's
own (files, sockets, the database): a library's message may quote what a visitor typed.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import IO, Any

from sqlite_utils.utils import sqlite3

from server.errors import UnitError

FRAMES = 8
_OWN_WORDS = (OSError, sqlite3.Error, UnitError)
FIELDS = "fields"
"""`log.info(message, extra={FIELDS: {…}})`: members of the line."""


class JsonLines(logging.Formatter):
    """`time` (UTC), `level`, `from`, `message`, and what the record says beside it."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "time": f"{at:%Y-%m-%dT%H:%M:%S}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "from": record.name,
            "message": _message(record),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = told(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """gunicorn quotes the address and the words of a request that it can't understand; those stay out."""
    said = record.getMessage()
    return "a request that can't be understood" if said.startswith("Invalid request from") else said


def told(error: BaseException) -> dict[str, Any]:
    """Kind and place of an error, and its message where that is the machine's own."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    found: dict[str, Any] = {
        "kind": type(error).__name__,
        "trace": [f"{frame.filename.rsplit('/site-packages/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if isinstance(error, _OWN_WORDS):
        found["message"] = str(error)
    return found


def begin(stream: IO[str] | None = None) -> None:
    """Have everything that logs in this process write such lines."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("gunicorn.error", "gunicorn.access"):
        logging.getLogger(name).handlers[:] = []
        logging.getLogger(name).propagate = True
    for name in ("engineio.server", "socketio.server"):  # with a level of their own they get no handler of their own
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
