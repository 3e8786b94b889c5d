"""What each kiosk offers and each display shows, as it is edited. A device without a choice shows everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

from pydantic import Field

from server import setup
from server.access.audit import Audit
from server.editing import refusals
from server.editing.section import Section, SetUp, unknown_services
from server.editing.things import DeviceName, Fault, Thing, Title
from server.journal import encode
from server.setup.reading import FARTHEST_M, LARGEST_IN, NEAREST_M, SMALLEST_IN


class Kiosk(Thing):
    """A kiosk's choice: the services that it offers."""

    id: DeviceName
    services: Annotated[list[str], Field(min_length=1)]


class Display(Thing):
    """A display's choice: its title, its services and its counters (ids), each empty for all."""

    id: DeviceName
    title: Title = Title()
    services: list[str] = Field(default_factory=list)
    counters: list[int] = Field(default_factory=list)


class ScreenReading(Thing):
    """From how far (metres) a display of this diagonal (inches) is read: what its letters are sized by."""

    id: DeviceName
    distance_m: Annotated[float, Field(ge=NEAREST_M, le=FARTHEST_M, allow_inf_nan=False)]
    diagonal_in: Annotated[float, Field(ge=SMALLEST_IN, le=LARGEST_IN, allow_inf_nan=False)]


def _read_kiosks(conn: Any) -> list[Kiosk]:
    rows = conn.execute("SELECT kiosk, services FROM kiosk_choices ORDER BY kiosk")
    return [Kiosk.model_construct(id=id, services=json.loads(services)) for id, services in rows]


def _save_kiosk(conn: Any, one: Kiosk, position: int) -> None:
    conn.execute("INSERT OR REPLACE INTO kiosk_choices(kiosk, services) VALUES (?,?)", (one.id, encode(one.services)))


def _remove_kiosk(conn: Any, one: Kiosk, at: int) -> None:
    conn.execute("DELETE FROM kiosk_choices WHERE kiosk = ?", (one.id,))


def _read_displays(conn: Any) -> list[Display]:
    rows = conn.execute("SELECT display, title, services, counters FROM display_choices ORDER BY display").fetchall()
    return [
        Display.model_construct(
            id=id,
            title=Title.of(json.loads(title)),
            services=json.loads(services),
            counters=json.loads(counters),
        )
        for id, title, services, counters in rows
    ]


def _save_display(conn: Any, one: Display, position: int) -> None:
    conn.execute(
        "INSERT OR REPLACE INTO display_choices(display, title, services, counters) VALUES (?,?,?,?)",
        (one.id, encode(one.data().get("title", {})), encode(one.services), encode(one.counters)),
    )


def _remove_display(conn: Any, one: Display, at: int) -> None:
    conn.execute("DELETE FROM display_choices WHERE display = ?", (one.id,))


def _read_readings(conn: Any) -> list[ScreenReading]:
    return [ScreenReading.model_construct(id=id, **asdict(one)) for id, one in sorted(setup.readings(conn).items())]


def _save_reading(conn: Any, one: ScreenReading, position: int) -> None:
    setup.keep_readings(conn, {**setup.readings(conn), one.id: setup.Reading(one.distance_m, one.diagonal_in)})


def _remove_reading(conn: Any, one: ScreenReading, at: int) -> None:
    setup.keep_readings(conn, {id: kept for id, kept in setup.readings(conn).items() if id != one.id})


def _check_kiosks(whole: SetUp) -> Iterator[Fault]:
    for kiosk in whole.of(Kiosk):
        yield from unknown_services(whole, "kiosks", kiosk.id, kiosk.services)


def _check_displays(whole: SetUp) -> Iterator[Fault]:
    known = {one.id for one in whole.things["counters"]}
    for display in whole.of(Display):
        yield from unknown_services(whole, "displays", display.id, display.services)
        for counter in display.counters:
            if counter not in known:
                yield Fault("displays", display.id, ("counters",), refusals.NoSuchCounter(counter=counter))


def carry(conn: Any, audit: Audit, role: str, old: str, new: str) -> None:
    """Have a device that was renamed keep what it offers or shows, inside the transaction that renames it.

    A choice that stands under the new name already is what the manager prepared for it, and stays; one that another device of
    the old name still goes by stays with that one, too.
    """
    sections: dict[str, Section[Any]] = {"kiosk": kiosks, "display": displays}
    section = sections.get(role)
    if section is None or old == new:
        return
    kept = {one.id: one for one in section.read(conn)}
    if old not in kept or new in kept:
        return
    before, after = kept[old], kept[old].model_copy(update={"id": new})
    section.save(conn, after, len(kept))
    audit.note(conn, section.name, new, None, after.data())
    others = "SELECT 1 FROM tokens WHERE role = ? AND name = ? AND revoked_at IS NULL"
    if section.remove is not None and not conn.execute(others, (role, old)).fetchone():
        section.remove(conn, before, 0)
        audit.note(conn, section.name, old, before.data(), None)


kiosks = Section("kiosks", Kiosk, _read_kiosks, _save_kiosk, _remove_kiosk, _check_kiosks)
displays = Section("displays", Display, _read_displays, _save_display, _remove_display, _check_displays)
readings = Section("readings", ScreenReading, _read_readings, _save_reading, _remove_reading)
