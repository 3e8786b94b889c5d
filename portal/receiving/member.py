"""An event on its way into the database."""

from __future__ import annotations

from dataclasses import dataclass

from portal.receiving.reading import Event, Verdict


@dataclass(slots=True)
class Member:
    """An event to be stored, with what is asked of it more than once."""

    event: Event
    verdict: Verdict
    sequence: int
    time: str
    line: str
