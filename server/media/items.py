"""The items that displays show in turn, kept in the database and in the unit's folder `media/`; every change is in the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from server.editing.refusals import NotPlain
from server.editing.things import plain_lines
from server.errors import N_, Refused
from server.journal import Journal, encode
from server.media.times import ALWAYS, Times
from server.revisions import ChangedMeanwhile, digest, last_editor, note_change
from server.setup import Names, name_in
from server.setup.media import LONGEST_TEXT, MOST_ITEMS, WHAT, beginning, name_of, told

ADDRESS = "/display/media"
LARGEST_ALL_MB = 300
Kind = Literal["image", "video", "text"]
_FIELDS = "id, kind, name, file, text, displays, begins, ends, since, until, seconds"


class UnknownItem(Refused):
    status, slug = 404, "unknown-media"
    message = N_("This is no longer there; load the page again.")


class TooManyItems(Refused):
    status, slug = 409, "too-many-media"
    message = N_("A hall shows at most %(most)s items; remove one first.")


class NoText(Refused):
    status, slug = 422, "no-text"
    message = N_("Write the text in at least one language.")


class TextTooLong(Refused):
    status, slug = 422, "text-too-long"
    message = N_("A text on the screen has at most %(most)s letters in each language.")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is shown; `displays` names those that show it, empty for all."""

    id: int
    kind: Kind
    name: str
    file: str | None = None
    text: Names | None = None
    displays: tuple[str, ...] = ()
    times: Times = ALWAYS

    def data(self) -> dict[str, Any]:
        """As the journal and the list of changes tell of it."""
        return told(self.name, self.file, self.text, self.displays, asdict(self.times))

    @property
    def revision(self) -> str:
        """Another one means that somebody changed it."""
        return digest(self.data())


def items(conn: Any) -> list[Item]:
    """All, in the order in which they are shown."""
    return [_item(*row) for row in conn.execute(f"SELECT {_FIELDS} FROM media ORDER BY position, id")]


def _item(id: int, kind: Kind, name: str, file: str | None, text: str, displays: str, *times: Any) -> Item:
    return Item(id, kind, name, file, json.loads(text) or None, tuple(json.loads(displays)), Times(*times))


def called(one: Item, language: str) -> str:
    """What an item is called in a list: a file by its name, a text by how it begins in a language, else as `name_in` chooses."""
    return beginning(name_in(one.text, language)) if one.text else one.name


def item(conn: Any, id: int) -> Item:
    """One of them; raises UnknownItem."""
    row = conn.execute(f"SELECT {_FIELDS} FROM media WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise UnknownItem
    return _item(*row)


def shown(conn: Any) -> list[dict[str, Any]]:
    """As displays get them with each snapshot; each display picks those that are its own and whose time it is."""
    return [
        {
            "id": one.id, "kind": one.kind, "address": f"{ADDRESS}/{one.file}" if one.file else None, "text": one.text,
            "displays": one.displays, **asdict(one.times),
        }
        for one in items(conn)
    ]  # fmt: skip


def check_room(conn: Any) -> None:
    """Raises TooManyItems when the hall shows as many as it may."""
    if conn.execute("SELECT COUNT(*) FROM media").fetchone()[0] >= MOST_ITEMS:
        raise TooManyItems(most=MOST_ITEMS)


def add(conn: Any, journal: Journal, actor: str, one: Item) -> int:
    """Put an item (its id is not looked at) behind the others; its id. Inside a transaction of the writer."""
    check_room(conn)
    (position,) = conn.execute("SELECT COALESCE(MAX(position), 0) + 1 FROM media").fetchone()
    what = (position, one.kind, one.name, one.file, encode(one.text or {}), encode(list(one.displays)))
    id = conn.execute(
        "INSERT INTO media(position, kind, name, file, text, displays, begins, ends, since, until, seconds)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (*what, *asdict(one.times).values()),
    ).lastrowid
    note_change(conn, journal, actor, WHAT, id, None, one.data())
    return int(id)


def add_text(conn: Any, journal: Journal, actor: str, text: Mapping[str, str]) -> int:
    """Add a text by language; raises NoText, TextTooLong, TooManyItems. Inside a transaction of the writer."""
    kept = checked_text(text)
    return add(conn, journal, actor, Item(0, "text", name_of(kept), text=kept))


def checked_text(text: Mapping[str, str]) -> Names:
    """The languages in which something is said; raises NoText, TextTooLong, NotPlain."""
    kept = {language: said.strip() for language, said in text.items() if said.strip()}
    if not kept:
        raise NoText
    if any(len(said) > LONGEST_TEXT for said in kept.values()):
        raise TextTooLong(most=LONGEST_TEXT)
    if not all(map(plain_lines, kept.values())):
        raise NotPlain
    return kept


def change(
    conn: Any,
    journal: Journal,
    actor: str,
    id: int,
    times: Times,
    displays: Sequence[str],
    text: Mapping[str, str] | None,
    revision: str,
) -> None:
    """Show an item that was read at `revision` at these times on these displays (all when empty), a text with these words.

    Raises UnknownItem, NoText, TextTooLong, ChangedMeanwhile. Inside a transaction of the writer.
    """
    before = item(conn, id)
    after = replace(before, times=times, displays=tuple(displays))
    if before.kind == "text" and text is not None:
        after = replace(after, text=(words := checked_text(text)), name=name_of(words))
    if after == before:
        return
    if before.revision != revision:
        raise ChangedMeanwhile(who=last_editor(conn, WHAT, id))
    conn.execute(
        "UPDATE media SET name = ?, text = ?, displays = ?, begins = ?, ends = ?, since = ?, until = ?, seconds = ? WHERE id = ?",
        (after.name, encode(after.text or {}), encode(list(after.displays)), *asdict(times).values(), id),
    )
    note_change(conn, journal, actor, WHAT, id, before.data(), after.data())


def move(conn: Any, journal: Journal, actor: str, id: int, by: int) -> None:
    """Show an item earlier (-1) or later (1); at the end of the list nothing happens. Raises UnknownItem."""
    item(conn, id)
    before = [one.id for one in items(conn)]
    after = [one for one in before if one != id]
    after.insert(max(0, before.index(id) + by), id)
    if after == before:
        return
    conn.executemany("UPDATE media SET position = ? WHERE id = ?", list(enumerate(after, 1)))
    note_change(conn, journal, actor, WHAT, None, {"order": before}, {"order": after})


def remove(conn: Any, journal: Journal, actor: str, id: int) -> str | None:
    """Take an item away; the file that nothing shows any more, for the caller to delete after the commit. Raises UnknownItem."""
    gone = item(conn, id)
    conn.execute("DELETE FROM media WHERE id = ?", (id,))
    note_change(conn, journal, actor, WHAT, id, gone.data(), None)
    used = conn.execute("SELECT 1 FROM media WHERE file = ?", (gone.file,)).fetchone()
    return None if used else gone.file
