"""A section of the set-up: all things of one kind, how they are read and written, and what must hold among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Generic
from zoneinfo import ZoneInfo

from server.clock import MS, Moment
from server.editing import refusals
from server.editing.things import Fault, T, Thing
from server.setup import service_day

HELD = ("waiting", "called", "serving", "parked", "no_show")
LEGS_LAST_MS = 2 * 24 * 3600 * MS
"""Open legs are younger: the end of each day ends the older ones."""


@dataclass(frozen=True)
class SetUp:
    """The whole set-up as data: section → its things, in order."""

    things: Mapping[str, tuple[Thing, ...]]

    def of(self, kind: type[T]) -> list[T]:
        """All things of a kind, in order."""
        return [one for many in self.things.values() for one in many if isinstance(one, kind)]

    def find(self, section: str, id: Any) -> Thing | None:
        return next((one for one in self.things[section] if one.id == id), None)

    def having(self, section: str, thing: Thing) -> SetUp:
        """With this thing in the place of the one with its id, else at the end."""
        kept = self.things[section]
        if self.find(section, thing.id) is None:
            return self.where(section, (*kept, thing))
        return self.where(section, tuple(thing if one.id == thing.id else one for one in kept))

    def without(self, section: str, id: Any) -> SetUp:
        return self.where(section, tuple(one for one in self.things[section] if one.id != id))

    def where(self, section: str, things: tuple[Thing, ...]) -> SetUp:
        """With these things as a section."""
        return replace(self, things={**self.things, section: things})


@dataclass(frozen=True)
class Live:
    """The hall while the set-up is changed: a connection inside the writer's transaction, and the time."""

    conn: Any
    now: Moment
    zone: ZoneInfo

    @cached_property
    def day(self) -> str:
        return service_day(self.conn, self.now.at, self.zone)

    def count_held(self, condition: str, *values: Any) -> int:
        """How many visitors of today are in the hall (absent ones too) of whose visit `v` and leg `l` a condition holds."""
        row = self.conn.execute(
            "SELECT COUNT(*) FROM legs l JOIN visits v USING (visit, leg) WHERE l.joined_at > ?"
            f" AND l.state IN ({', '.join('?' * len(HELD))}) AND (l.state <> 'no_show' OR v.day >= ?) AND {condition}",
            (self.now.at - LEGS_LAST_MS, *HELD, self.day, *values),
        ).fetchone()
        return int(row[0])


def unknown_services(whole: SetUp, section: str, id: Any, services: Iterable[str], *, named: bool = False) -> Iterator[Fault]:
    """A fault for each id that no service has, at its place in a list, or (`named`) at the key that it is."""
    known = {one.id for one in whole.things["services"]}
    for service in services:
        if service not in known:
            path = ("services", service) if named else ("services",)
            yield Fault(section, id, path, refusals.NoSuchService(service=service))


def _nothing(*_: Any) -> None:
    """No rule."""


def _no_faults(_: SetUp) -> Iterable[Fault]:
    return ()


@dataclass(frozen=True)
class Section(Generic[T]):
    """Things of one kind. `name` is the section's in a file, in the journal and in the address of its page.

    `read(conn)` gives the things in order; `save(conn, thing, position)` inserts or updates one; `remove(conn, thing, at)`
    takes one away (None: it can't be removed). `check(set_up)` finds what is wrong among things. `may_go(live, thing)` and
    `may_become(live, old or None, new)` raise a Refused when the hall stands against it. `along(before, after, thing)` and
    `loose(before, thing)` give the set-up with what changes along with a saved and a removed thing. `free(conn)` makes
    unique values of the section free before all its things are saved anew. `single`: there is exactly one, always.
    `keeps_others`: what a file does not name stays as it is. `noted(conn)`: of what has a page of its own, which notes its changes,
    everything by what it is noted as there and its id; then an import notes the same, and that page knows who was first.
    """

    name: str
    kind: type[T]
    read: Callable[[Any], list[T]]
    save: Callable[[Any, T, int], None]
    remove: Callable[[Any, T, int], None] | None = None
    check: Callable[[SetUp], Iterable[Fault]] = _no_faults
    may_go: Callable[[Live, T], None] = _nothing
    may_become: Callable[[Live, T | None, T], None] = _nothing
    along: Callable[[SetUp, SetUp, T], SetUp] = lambda _, after, __: after
    loose: Callable[[SetUp, T], SetUp] = lambda before, _: before
    free: Callable[[Any], None] = _nothing
    single: bool = False
    keeps_others: bool = False
    noted: Callable[[Any], Mapping[tuple[str, str | int], Any]] | None = None
