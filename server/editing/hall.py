"""Priorities, notices and the lists that clerks choose from, as they are edited."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import Field, model_validator

from server import setup
from server.editing import refusals
from server.editing.section import Live, Section
from server.editing.things import Id, LocalMoment, LongTexts, T, Texts, Thing, Unfit
from server.journal import encode


class Priority(Thing):
    id: Id
    name: Texts


class Notice(Thing):
    """A notice for the hall, from one local minute until another, for good where none is given."""

    id: Annotated[int, Field(ge=1)]
    text: LongTexts
    begins: LocalMoment | None = None
    ends: LocalMoment | None = None

    @model_validator(mode="after")
    def _forward(self) -> Notice:
        if self.begins and self.ends and self.ends <= self.begins:
            raise Unfit(refusals.EndsTooEarly(), "ends")
        return self


class PauseReason(Thing):
    id: Id
    name: Texts


class ParkReason(Thing):
    id: Id
    name: Texts


class Outcome(Thing):
    id: Id
    name: Texts


def _read_priorities(conn: Any) -> list[Priority]:
    found = setup.priorities(conn).items()
    return [Priority.model_construct(id=id, name=Texts.of(name)) for id, name in found]


def _save_priority(conn: Any, one: Priority, position: int) -> None:
    conn.execute(
        "INSERT INTO priorities(id, position, name) VALUES (?,?,?)"
        " ON CONFLICT(id) DO UPDATE SET position = excluded.position, name = excluded.name, removed_at = NULL",
        (one.id, position, encode(one.data()["name"])),
    )


def _remove_priority(conn: Any, one: Priority, at: int) -> None:
    conn.execute("UPDATE priorities SET removed_at = ? WHERE id = ?", (at, one.id))


def _nobody_with(live: Live, one: Priority) -> None:
    if count := live.count_held("l.priority = ?", one.id):
        raise refusals.PriorityInUse(count=count)


def _read_notices(conn: Any) -> list[Notice]:
    rows = conn.execute("SELECT id, text, begins, ends FROM messages ORDER BY position, id")
    return [
        Notice.model_construct(id=id, text=LongTexts.of(json.loads(text)), begins=begins, ends=ends)
        for id, text, begins, ends in rows
    ]


def _save_notice(conn: Any, one: Notice, position: int) -> None:
    conn.execute(
        "INSERT OR REPLACE INTO messages(id, position, text, begins, ends) VALUES (?,?,?,?,?)",
        (one.id, position, encode(one.data()["text"]), one.begins, one.ends),
    )


def _remove_notice(conn: Any, one: Notice, at: int) -> None:
    conn.execute("DELETE FROM messages WHERE id = ?", (one.id,))


def _list(name: str, kind: type[T]) -> Section[T]:
    """A list of `setup.LISTS`: kept whole, among the choices."""

    def read(conn: Any) -> list[T]:
        kept = setup.lists(conn)[name]
        return [kind.model_construct(id=one["id"], name=Texts.of(one["name"])) for one in kept]

    def save(conn: Any, one: T, position: int) -> None:
        kept = setup.lists(conn)[name]
        others = [other for other in kept if other["id"] != one.id]
        setup.choose(conn, name, [*others[:position], one.data(), *others[position:]])

    def remove(conn: Any, one: T, at: int) -> None:
        setup.choose(conn, name, [other for other in setup.lists(conn)[name] if other["id"] != one.id])

    return Section(name, kind, read, save, remove)


priorities = Section("priorities", Priority, _read_priorities, _save_priority, _remove_priority, may_go=_nobody_with)
notices = Section("messages", Notice, _read_notices, _save_notice, _remove_notice)
pause_reasons = _list("pause_reasons", PauseReason)
park_reasons = _list("park_reasons", ParkReason)
outcomes = _list("outcomes", Outcome)
