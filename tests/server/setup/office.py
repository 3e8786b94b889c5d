"""A manager at work on a unit's set-up, and a service that is not in it yet."""

from __future__ import annotations

from typing import Any

from server import editing
from server.editing import Editor
from server.editing.things import Thing
from server.unit import Unit
from server.visits import Caller
from tests.conftest import MANAGER

PASSPORT = {
    "id": "passeport",
    "name": {"ar": "جواز السفر", "zgh": "ⴰⵙⵉⴽⵍ", "fr": "Passeport"},
    "prefix": "P",
    "icon": "passport",
    "target_minutes": 25,
    "documents": [{"ar": "صورتان", "fr": "Deux photos"}],
}


class Office:
    """A manager at work on a unit's set-up."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.editor = Editor(unit.journal, unit.settings.unit.zone)

    def now(self, section: str, id: Any) -> Any:
        with self.unit.reading() as conn:
            return editing.read(conn).find(section, id)

    def keep(self, section: str, thing: Thing, revision: str | None = None, who: Caller = MANAGER) -> list[editing.Change]:
        return self.unit.writer.run(lambda conn: self.editor.keep(conn, who, section, thing, revision))

    def add(self, section: str, kind: type[Thing], **data: Any) -> Any:
        thing = editing.made(kind, data, section)
        assert isinstance(thing, Thing), thing
        self.keep(section, thing)
        return thing

    def change(self, section: str, id: Any, who: Caller = MANAGER, **update: Any) -> list[editing.Change]:
        thing = self.now(section, id)
        changed = editing.made(type(thing), {**thing.model_dump(), **update}, section)
        assert isinstance(changed, Thing), changed
        return self.keep(section, changed, thing.revision(), who)

    def remove(self, section: str, id: Any) -> list[editing.Change]:
        revision = self.now(section, id).revision()
        return self.unit.writer.run(lambda conn: self.editor.remove(conn, MANAGER, section, id, revision))

    def move(self, section: str, id: Any, by: int) -> None:
        self.unit.writer.run(lambda conn: self.editor.move(conn, MANAGER, section, id, by))
