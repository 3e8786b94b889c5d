"""A form of the manager's pages as it stands on the page."""

from __future__ import annotations

import re
from typing import Any

from server import editing
from server.editing import Editor, Thing
from server.unit import Unit
from tests.conftest import MANAGER


def revision(page: str, of: str = "") -> str:
    """The revision that a page was opened with; of one of its lines where it has several."""
    found = re.search(rf'name="{f"revision {of}".strip()}" value="(\w*)"', page)
    assert found, page[:400]
    return found[1]


def keep_only(unit: Unit, thing: Thing) -> list[editing.Change]:
    """Save the one thing of a section, as a manager who has just looked at it."""
    editor = Editor(unit.journal, unit.settings.unit.zone)

    def keep(conn: Any) -> list[editing.Change]:
        (now,) = editing.read(conn).things[thing.id]
        return editor.keep(conn, MANAGER, thing.id, thing, now.revision())

    return unit.writer.run(keep)
