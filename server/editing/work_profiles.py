"""Work profiles and counters as they are edited."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from server.editing import refusals
from server.editing.devices import Display
from server.editing.section import Live, Section, SetUp, unknown_services
from server.editing.things import Fault, Id, Texts, Thing
from server.journal import encode


class WorkProfile(Thing):
    """What a counter serves: service → rank, lower ranks first."""

    id: Id
    name: Texts
    services: Annotated[dict[str, Annotated[int, Field(ge=1, le=99)]], Field(min_length=1)]


class Counter(Thing):
    """A counter; without a work profile it serves everything alike."""

    id: Annotated[int, Field(ge=1, le=9999)]
    number: Annotated[int, Field(ge=1, le=999)]
    profile: Id | None = None


def _read_profiles(conn: Any) -> list[WorkProfile]:
    ranks: dict[str, dict[str, int]] = {}
    for profile, service, rank in conn.execute("SELECT profile, service, rank FROM work_profile_services ORDER BY rank, service"):
        ranks.setdefault(profile, {})[service] = rank
    rows = conn.execute("SELECT id, name FROM work_profiles ORDER BY position, id").fetchall()
    return [WorkProfile.model_construct(id=id, name=Texts.of(json.loads(name)), services=ranks.get(id, {})) for id, name in rows]


def _save_profile(conn: Any, one: WorkProfile, position: int) -> None:
    conn.execute(
        "INSERT INTO work_profiles(id, position, name) VALUES (?,?,?)"
        " ON CONFLICT(id) DO UPDATE SET position = excluded.position, name = excluded.name",
        (one.id, position, encode(one.data()["name"])),
    )
    conn.execute("DELETE FROM work_profile_services WHERE profile = ?", (one.id,))
    for service, rank in one.services.items():
        conn.execute("INSERT INTO work_profile_services(profile, service, rank) VALUES (?,?,?)", (one.id, service, rank))


def _remove_profile(conn: Any, one: WorkProfile, at: int) -> None:
    conn.execute("DELETE FROM work_profiles WHERE id = ?", (one.id,))


def _check_profiles(whole: SetUp) -> Iterator[Fault]:
    for profile in whole.of(WorkProfile):
        yield from unknown_services(whole, "work_profiles", profile.id, profile.services, named=True)


def _loose_profile(before: SetUp, gone: WorkProfile) -> SetUp:
    """Raises WorkProfileInUse: a counter without a profile would suddenly serve everything."""
    if users := [str(one.number) for one in before.of(Counter) if one.profile == gone.id]:
        raise refusals.WorkProfileInUse(counters=", ".join(users))
    return before


def _read_counters(conn: Any) -> list[Counter]:
    rows = conn.execute("SELECT id, number, profile FROM counters WHERE removed_at IS NULL ORDER BY number")
    return [Counter.model_construct(id=id, number=number, profile=profile) for id, number, profile in rows]


def _save_counter(conn: Any, one: Counter, position: int) -> None:
    conn.execute(
        "INSERT INTO counters(id, number, profile) VALUES (?,?,?)"
        " ON CONFLICT(id) DO UPDATE SET number = excluded.number, profile = excluded.profile, removed_at = NULL",
        (one.id, one.number, one.profile),
    )


def _remove_counter(conn: Any, one: Counter, at: int) -> None:
    conn.execute("UPDATE counters SET removed_at = ?, profile = NULL WHERE id = ?", (at, one.id))


def _free_numbers(conn: Any) -> None:
    conn.execute("UPDATE counters SET number = -id WHERE removed_at IS NULL")


def _check_counters(whole: SetUp) -> Iterator[Fault]:
    profiles = {one.id for one in whole.of(WorkProfile)}
    numbers: set[int] = set()
    for one in whole.of(Counter):
        if one.number in numbers:
            yield Fault("counters", one.id, ("number",), refusals.DuplicateNumber(number=one.number))
        if one.profile is not None and one.profile not in profiles:
            yield Fault("counters", one.id, ("profile",), refusals.NoSuchWorkProfile(profile=one.profile))
        numbers.add(one.number)


def _closed(live: Live, one: Counter) -> None:
    """Raises CounterInUse while somebody works there."""
    row = live.conn.execute("SELECT state, clerk_name FROM counters WHERE id = ?", (one.id,)).fetchone()
    if row and row[0] != "closed":
        raise refusals.CounterInUse(counter=one.number, clerk=row[1])


def _may_become(live: Live, old: Counter | None, new: Counter) -> None:
    if old is not None and old.number != new.number:
        _closed(live, old)


def _loose_counter(before: SetUp, gone: Counter) -> SetUp:
    """No display shows it any more; raises LastServiceOf where a display would show nothing else."""
    for display in before.of(Display):
        if gone.id in display.counters:
            left = [counter for counter in display.counters if counter != gone.id]
            if not left:
                raise refusals.LastCounterOf(place=display.id)
            before = before.having("displays", display.model_copy(update={"counters": left}))
    return before


def free_counter_id(taken: set[int], number: int) -> int:
    """An id for a new counter that is not `taken` (which holds those of removed ones too): its number when it is free."""
    return number if number not in taken else max(taken) + 1


work_profiles = Section(
    "work_profiles", WorkProfile, _read_profiles, _save_profile, _remove_profile, _check_profiles, loose=_loose_profile
)
counters = Section(
    "counters", Counter, _read_counters, _save_counter, _remove_counter, _check_counters, _closed, _may_become,
    loose=_loose_counter, free=_free_numbers,
)  # fmt: skip
