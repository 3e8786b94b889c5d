"""A hall whose alerts are looked at again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from server import journal
from server.alerts import store
from server.clock import Moment
from server.unit import Unit
from tests.conftest import MANAGER, ToldClock

MINUTE = 60_000
HOUR = 60 * MINUTE


@dataclass
class Hall:
    """A unit that is watched; what its devices say is told."""

    unit: Unit
    clock: ToldClock
    printers: dict[str, str] = field(default_factory=dict)
    gone: dict[str, Moment] = field(default_factory=dict)
    key: bool = True
    open: set[str] = field(default_factory=set)
    look: Callable[[], None] = lambda: None

    def kinds(self) -> list[str]:
        """What holds after another look."""
        self.look()
        return sorted(one.alert.kind for one in self.kept())

    def kept(self) -> list[store.Kept]:
        with self.unit.reading() as conn:
            return store.alerts(conn)

    def journal(self) -> list[tuple[str, str]]:
        with self.unit.reading() as conn:
            return [(e.type, e.data["kind"]) for e in journal.read(conn) if e.type.startswith("alert_")]

    def seen(self, id: int) -> store.Kept:
        return self.unit.writer.run(lambda conn: store.say_seen(conn, self.unit.journal, id, MANAGER))
