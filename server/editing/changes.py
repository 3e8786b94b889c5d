"""Changing the set-up: the difference between what is and what shall be, checked, written and told to the journal at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from server.clock import Moment
from server.editing import refusals
from server.editing.section import Live, Section, SetUp
from server.editing.sections import BY_NAME, SECTIONS
from server.editing.things import Fault, Thing
from server.errors import N_, Refused
from server.journal import Journal
from server.revisions import last_editor, note_change
from server.visits import Caller


class Faulty(Refused):
    """The set-up can't be like this; `faults` says why, each with its place."""

    status, slug = 422, "faulty-set-up"
    message = N_("Nothing was saved yet: see below what is wrong.")

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults

    def __str__(self) -> str:
        return " ".join(str(fault.refusal) for fault in self.faults)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing before and after (None: it was not there), or the order of a section (`id` None)."""

    section: str
    id: str | int | None
    before: Any
    after: Any


def read(conn: Any) -> SetUp:
    """The whole set-up as it is."""
    return SetUp({section.name: tuple(section.read(conn)) for section in SECTIONS})


def differences(before: SetUp, after: SetUp) -> list[Change]:
    """What becomes different, section by section: things that go, that come or change, then another order."""
    found: list[Change] = []
    for section in SECTIONS:
        old, new = before.things[section.name], after.things[section.name]
        found += [Change(section.name, one.id, one.told(), None) for one in old if after.find(section.name, one.id) is None]
        for one in new:
            was = before.find(section.name, one.id)
            if was is None or was.data() != one.data():
                found.append(Change(section.name, one.id, was and was.told(), one.told()))
        stayed = [one.id for one in old if after.find(section.name, one.id)]
        if stayed != (order := [one.id for one in new if one.id in stayed]):
            found.append(Change(section.name, None, {"order": stayed}, {"order": order}))
    return found


def faults(whole: SetUp) -> list[Fault]:
    """What is wrong among the things of a set-up."""
    return [fault for section in SECTIONS for fault in (*_twice(section, whole), *section.check(whole))]


def _twice(section: Section[Any], whole: SetUp) -> Iterator[Fault]:
    seen: set[Any] = set()
    for one in whole.things[section.name]:
        if one.id in seen:
            yield Fault(section.name, one.id, ("id",), refusals.DuplicateId(id=one.id))
        seen.add(one.id)


class Editor:
    """Changes the set-up. Every method runs inside a transaction of the writer, raises a Refused and then changed nothing."""

    def __init__(self, journal: Journal, zone: ZoneInfo) -> None:
        self._journal = journal
        self._zone = zone

    def keep(
        self,
        conn: Any,
        who: Caller,
        section: str,
        thing: Thing,
        revision: str | None,
        besides: Callable[[SetUp, Thing], SetUp] = lambda after, _: after,
    ) -> list[Change]:
        """Save a thing that was read at `revision`, or a new one (None); raises Faulty, ChangedMeanwhile, GoneMeanwhile.

        Nothing of it changes when it is so already, whatever it was read at.
        `besides` gives the set-up with what else shall change in the same breath.
        """
        before = read(conn)
        found = before.find(section, thing.id)
        if found is None or found.data() != thing.data():  # a page sent twice is no conflict with oneself
            if revision is not None:
                self._as_it_was_read(conn, before, section, thing.id, revision)
            elif found is not None:
                raise refusals.ChangedMeanwhile(who=last_editor(conn, section, thing.id))
        after = BY_NAME[section].along(before, before.having(section, thing), thing)
        return self.become(conn, who, before, besides(after, thing))

    def remove(self, conn: Any, who: Caller, section: str, id: Any, revision: str) -> list[Change]:
        """Take a thing away that was read at `revision`, unless the hall needs it."""
        before = read(conn)
        thing = self._as_it_was_read(conn, before, section, id, revision)
        loosened = BY_NAME[section].loose(before, thing)
        return self.become(conn, who, before, loosened.without(section, id))

    def move(self, conn: Any, who: Caller, section: str, id: Any, by: int) -> list[Change]:
        """Move a thing up (-1) or down (1) among its like; at the end of the list nothing happens."""
        before = read(conn)
        things = list(before.things[section])
        place = next((place for place, one in enumerate(things) if one.id == id), None)
        if place is None:
            raise refusals.NothingThere
        target = min(max(place + by, 0), len(things) - 1)
        things.insert(target, things.pop(place))
        return self.become(conn, who, before, before.where(section, tuple(things)))

    def become(self, conn: Any, who: Caller, before: SetUp, after: SetUp) -> list[Change]:
        """Make the set-up what `after` says; what was wrong before and stays so is no obstacle. Raises Faulty."""
        known = {fault.key for fault in faults(before)}
        if wrong := [fault for fault in faults(after) if fault.key not in known]:
            raise Faulty(wrong)
        now = self._journal.now()
        changes = differences(before, after)
        live = Live(conn, now, self._zone)
        if wrong := [fault for change in changes for fault in _against(live, change, before, after)]:
            raise Faulty(wrong)
        was = _elsewhere(conn, changes)
        _write(conn, now, changes, before, after)
        is_now = _elsewhere(conn, changes)
        told = [(one.section, one.id, one.before, one.after) for one in changes if BY_NAME[one.section].noted is None]
        told += [(*key, was.get(key), is_now.get(key)) for key in {**was, **is_now} if was.get(key) != is_now.get(key)]
        for one in told:
            note_change(conn, self._journal, who.id, *one, by=who.name, moment=now)
        return changes

    def _as_it_was_read(self, conn: Any, whole: SetUp, section: str, id: Any, revision: str) -> Thing:
        now = whole.find(section, id)
        who = last_editor(conn, section, id)
        if now is None:
            raise refusals.GoneMeanwhile(who=who)
        if now.revision() != revision:
            raise refusals.ChangedMeanwhile(who=who)
        return now


def _elsewhere(conn: Any, changes: list[Change]) -> dict[tuple[str, str | int], Any]:
    """What the sections that change say now, as pages of their own note it."""
    changed = [section for section in SECTIONS if section.noted and any(one.section == section.name for one in changes)]
    return {key: told for section in changed if section.noted for key, told in section.noted(conn).items()}


def _against(live: Live, change: Change, before: SetUp, after: SetUp) -> Iterator[Fault]:
    """What the hall as it stands has against a change."""
    section = BY_NAME[change.section]
    old, new = before.find(section.name, change.id), after.find(section.name, change.id)
    try:
        if new is not None:
            section.may_become(live, old, new)
        elif old is not None:
            section.may_go(live, old)
    except Refused as refusal:
        yield Fault(section.name, change.id, (), refusal)


def _write(conn: Any, now: Moment, changes: list[Change], before: SetUp, after: SetUp) -> None:
    """Removals first, so that what they held is free; then each section that changed, whole."""
    for change in changes:
        section = BY_NAME[change.section]
        gone = before.find(section.name, change.id)
        if change.after is None and section.remove is not None:
            section.remove(conn, gone, now.at)
    changed = {change.section for change in changes}
    for section in SECTIONS:
        if section.name in changed:
            section.free(conn)
            for position, thing in enumerate(after.things[section.name]):
                section.save(conn, thing, position)
