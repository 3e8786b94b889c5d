"""What managers change of people and devices, as events of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from server.journal import Journal
from server.revisions import note_change

Facts = dict[str, Any]
"""What a change is told by: never a password, a PIN or a token, only that there is one."""


@dataclass(frozen=True, slots=True)
class Audit:
    """Appends `setup_changed` events; `actor` is who makes the changes."""

    PERSON: ClassVar[str] = "person"
    """What changes of a person are noted as, with the person's number."""

    journal: Journal
    actor: str

    def note(self, conn: Any, what: str, id: object, before: Facts | None, after: Facts | None) -> None:
        """One change in the same transaction; None before for what is new, after for what is gone."""
        note_change(conn, self.journal, self.actor, what, str(id), before, after)
