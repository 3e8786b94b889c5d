"""Who gives a command."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """`id` goes into the journal (`device:4`, `person:2`), `name` is what people see, `role` decides what is allowed."""

    id: str
    name: str
    role: str

    @property
    def manages(self) -> bool:
        """A manager may close a counter that somebody else holds."""
        return self.role in ("manager", "administrator")


UNIT = Caller("unit", "unit", "manager")
"""What happens by itself."""

VISITOR = Caller("visitor", "visitor", "visitor")
"""Whoever holds a visit's id, by phone."""
