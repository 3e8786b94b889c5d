"""A test of the voice in the hall, as the journal is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from server import setup
from server.journal import Journal

TESTED = "voice_tested"
TEST_SHOWN_MS = 15_000


def ask_for_test(conn: Any, journal: Journal, actor: str, ticket: str, counter: int, languages: Sequence[str]) -> None:
    """Have the displays say a call that is none. Inside a transaction of the caller's."""
    event = journal.append(conn, TESTED, {"ticket": ticket, "counter": counter, "languages": [*languages]}, actor=actor)
    setup.choose(conn, TESTED, {"id": event.id, "at": event.at, **event.data})


def asked_test(conn: Any, now_ms: int) -> dict[str, Any] | None:
    """The test call of the last seconds: id, ticket, counter, languages."""
    asked: dict[str, Any] | None = setup.choice(conn, TESTED, None)
    return asked if asked and 0 <= now_ms - asked["at"] < TEST_SHOWN_MS else None
