"""Changing the set-up as whoever asks: of many things, and of what there is one of on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from manager.setup import lists
from manager.setup.form import Form, overtaken
from server.editing import Editor, Thing
from server.revisions import ChangedMeanwhile, GoneMeanwhile
from server.visits import Caller
from server.web import identity
from server.web.language import reader_language

T = TypeVar("T")


def change(edit: Callable[[Editor, Any, Caller], T]) -> T:
    """Change the set-up in one transaction; raises what the editor refuses."""
    unit = identity.unit()
    who = identity.permitted("manage").caller()
    editor = Editor(unit.journal, unit.settings.unit.zone)
    return unit.writer.run(lambda conn: edit(editor, conn, who))


def keep_only(thing: Thing, read_at: str) -> Form | None:
    """Save the one thing of a section (its id is the section's name) that was read at a revision.

    When somebody was first it is not saved: what that one changed, and the revision at which saving it again is on purpose.
    """
    try:
        change(lambda editor, conn, who: editor.keep(conn, who, thing.id, thing, read_at or None))
    except (ChangedMeanwhile, GoneMeanwhile) as refusal:
        with identity.unit().reading() as conn:
            return overtaken(conn, Form(thing.id, thing.id, {}, read_at), refusal, lists.names(conn, reader_language().code))
    return None
