"""Services as they are edited."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from server import information, setup
from server.editing import refusals
from server.editing.devices import Display, Kiosk
from server.editing.hours import Hours
from server.editing.section import Live, Section, SetUp
from server.editing.things import Fault, Heading, Id, LongTexts, Texts, Thing, Told, Unfit
from server.editing.watching import AlertRules
from server.editing.work_profiles import WorkProfile
from server.errors import Refused
from server.information import Information
from server.journal import encode


@lru_cache(maxsize=1)
def icons() -> tuple[str, ...]:
    """The icons that a service may have: those that screens draw for services."""
    script = files("server").joinpath("assets", "js", "icons.js").read_text(encoding="utf-8")
    return tuple(re.findall(r'"([a-z-]+)"', script.split("new Set([")[1].split("])")[0]))


def _prefix(text: str) -> str:
    if not re.fullmatch("[A-Z]{1,2}", text):
        raise Unfit(refusals.BadPrefix())
    return text


def _icon(name: str) -> str:
    if name not in icons():
        raise Unfit(refusals.NoSuchIcon(icon=name))
    return name


class Service(Thing):
    """A service: `series` names the numbers it counts by (its own id, or one that it shares).

    From `sentence` to `heading`: what citizens are told before they take a ticket, as in `server.information`.
    """

    id: Id
    name: Texts
    prefix: Annotated[str, AfterValidator(_prefix)]
    icon: Annotated[str, AfterValidator(_icon)] = "other"
    target_minutes: Annotated[int, Field(ge=1, le=600)] = 20
    documents: Annotated[list[LongTexts], Field(max_length=20, default_factory=list)]
    open: bool = True
    series: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    first: Annotated[int, Field(ge=1, le=9999)] = 1
    last: Annotated[int, Field(ge=1, le=9999)] = 9999
    keeps_place: bool = True
    sentence: Told = Told()
    fees: Told = Told()
    delay: Told = Told()
    steps: Told = Told()
    heading: Heading = Heading()

    @model_validator(mode="before")
    @classmethod
    def _own_series(cls, data: Any) -> Any:
        return {"series": data.get("id"), **data} if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _forward(self) -> Service:
        if self.last < self.first:
            raise Unfit(refusals.RangeBackwards(), "last")
        return self


def _read(conn: Any) -> list[Service]:
    told = information.information(conn)
    return [
        Service.model_construct(
            id=one.id, name=Texts.of(one.name), prefix=one.prefix, icon=one.icon,
            target_minutes=max(1, one.target_s // 60), documents=[LongTexts.of(document) for document in one.documents],
            open=one.open, series=one.series, first=one.range_first, last=one.range_last, keeps_place=one.keeps_place,
            **_told(told.get(one.id, Information())),
        )
        for one in setup.services(conn)
    ]  # fmt: skip


def _told(told: Information) -> dict[str, Any]:
    kinds: dict[str, type[Told | Heading]] = {"heading": Heading}
    return {name: kinds.get(name, Told).of(getattr(told, name)) for name in information.TEXTS}


def _save(conn: Any, one: Service, position: int) -> None:
    data = one.data()
    columns = {
        "id": one.id, "position": position, "prefix": one.prefix, "series": one.series, "name": encode(data["name"]),
        "icon": one.icon, "target_s": one.target_minutes * 60, "documents": encode(data.get("documents", [])),
        "open": int(one.open), "range_first": one.first, "range_last": one.last, "keeps_place": int(one.keeps_place),
        "removed_at": None,
    }  # fmt: skip
    names, places = ", ".join(columns), ", ".join("?" * len(columns))
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns)
    statement = f"INSERT INTO services({names}) VALUES ({places}) ON CONFLICT(id) DO UPDATE SET {changes}"
    conn.execute(statement, tuple(columns.values()))
    information.save(conn, one.id, Information(**{name: data[name] for name in information.TEXTS if name in data}))


def _remove(conn: Any, one: Service, at: int) -> None:
    conn.execute("UPDATE services SET removed_at = ? WHERE id = ?", (at, one.id))


def _free(conn: Any) -> None:
    conn.execute("UPDATE services SET prefix = '~' || id WHERE removed_at IS NULL")


def _check(whole: SetUp) -> Iterator[Fault]:
    services = whole.of(Service)
    for number, one in enumerate(services):
        for other in services[:number]:
            if refusal := _against(one, other):
                path = "prefix" if isinstance(refusal, refusals.DuplicatePrefix) else "first"
                yield Fault("services", one.id, (path,), refusal)


def _against(one: Service, other: Service) -> Refused | None:
    """What is wrong between two services.

    One series has one counter of numbers, which begins anew when it leaves the range of whoever takes the next number: with
    two ranges in it the same numbers would come again and again.
    """
    if one.prefix == other.prefix:
        return refusals.DuplicatePrefix(service=other.name.fr, prefix=one.prefix)
    if one.series == other.series and (one.first, one.last) != (other.first, other.last):
        return refusals.RangesDisagree(service=other.name.fr, first=other.first, last=other.last)
    return None


def _may_go(live: Live, one: Service) -> None:
    if count := live.count_held("l.service = ?", one.id):
        raise refusals.ServiceInUse(count=count)


def _may_become(live: Live, old: Service | None, new: Service) -> None:
    if old is not None and (old.prefix, old.series) == (new.prefix, new.series):
        return
    if count := live.count_held("v.ticket GLOB ? AND v.series <> ?", f"{new.prefix}[0-9]*", new.series):
        raise refusals.PrefixHeld(count=count, prefix=new.prefix)


def _along(before: SetUp, after: SetUp, one: Service) -> SetUp:
    """A range belongs to all services that share the series: whoever changes it for one changes it for all."""
    old = before.find("services", one.id)
    if not isinstance(old, Service) or old.series != one.series:
        return after
    for other in after.of(Service):
        if other.series == one.series:
            after = after.having("services", other.model_copy(update={"first": one.first, "last": one.last}))
    return after


def _loose(before: SetUp, gone: Service) -> SetUp:
    """Nobody serves or offers it any more; raises LastServiceOf where nothing would be left."""
    for profile in before.of(WorkProfile):
        if gone.id in profile.services:
            ranks = {service: rank for service, rank in profile.services.items() if service != gone.id}
            before = before.having("work_profiles", _left(profile.model_copy(update={"services": ranks}), ranks, profile.name.fr))
    for kiosk in before.of(Kiosk):
        if gone.id in kiosk.services:
            offered = [service for service in kiosk.services if service != gone.id]
            before = before.having("kiosks", _left(kiosk.model_copy(update={"services": offered}), offered, kiosk.id))
    for display in before.of(Display):
        if gone.id in display.services:
            shown = [service for service in display.services if service != gone.id]
            before = before.having("displays", _left(display.model_copy(update={"services": shown}), shown, display.id))
    for hours in before.of(Hours):
        if gone.id in hours.services:
            own = {service: one for service, one in hours.services.items() if service != gone.id}
            before = before.having("hours", hours.model_copy(update={"services": own}))
    for rules in before.of(AlertRules):
        limits = {service: limit for service, limit in rules.waiting_for.items() if service != gone.id}
        before = before.having("alerts", rules.model_copy(update={"waiting_for": limits}))
    return before


def _left(thing: Thing, services: Any, place: str) -> Thing:
    if not services:
        raise refusals.LastServiceOf(place=place)
    return thing


def new_id(conn: Any, name: str) -> str:
    """An id for a service of this (French) name that none has or had."""
    taken = {row[0] for row in conn.execute("SELECT id FROM services")}
    return free_id(name, taken)


def free_id(name: str, taken: set[Any]) -> str:
    """A short word made of a name, with a number behind it when it is taken."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:32].strip("-") or "item"
    return next(id for id in (stem, *(f"{stem}-{count}" for count in range(2, len(taken) + 3))) if id not in taken)


services = Section("services", Service, _read, _save, _remove, _check, _may_go, _may_become, along=_along, loose=_loose, free=_free)
