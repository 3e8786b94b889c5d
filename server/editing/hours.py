"""Opening hours as they are edited: one document, in the words of `server.opening.writing`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator, with_config
from typing_extensions import TypedDict

from server import setup
from server.editing.section import Section, SetUp, unknown_services
from server.editing.things import Fault, Path, Thing, Unfit
from server.opening import store
from server.opening.writing import Misread, Opening, as_data, from_data

Week = dict[Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], str]
"""`08:30-12:00, 14:00-16:30` by day; a day that is missing or empty is closed."""
SaidNames = dict[Literal["ar", "zgh", "fr"], str]
EXACT = ConfigDict(extra="forbid", strict=True)


@with_config(EXACT)
class Season(TypedDict):
    first: str
    last: str
    name: SaidNames
    week: Week


@with_config(EXACT)
class _Day(TypedDict):
    day: str
    name: SaidNames


@with_config(EXACT)
class SpecialDay(_Day, total=False):
    hours: str


@with_config(EXACT)
class ServiceHours(TypedDict, total=False):
    always: bool
    week: Week


@with_config(EXACT)
class TurnAway(TypedDict, total=False):
    on: bool
    margin_minutes: int
    priorities_always: bool


@with_config(EXACT)
class DayEnd(TypedDict, total=False):
    at: str
    minutes_after_closing: int


class Hours(Thing):
    """All that `server.opening.writing.Opening` holds, always written out in the same way."""

    id: Literal["hours"] = "hours"
    kept: bool = False
    turn_away: TurnAway = TurnAway()
    day_end: DayEnd = DayEnd()
    week: Week
    seasons: list[Season] = Field(default_factory=list)
    days: list[SpecialDay] = Field(default_factory=list)
    services: dict[str, ServiceHours] = Field(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _written_alike(cls, data: Any, made: Callable[[Any], Self]) -> Self:
        try:
            return cls.of(made(data).opening())
        except Misread as fault:
            raise Unfit(fault.refusal, *_path(fault.field)) from fault

    @classmethod
    def of(cls, opening: Opening) -> Self:
        return cls.model_construct(None, id="hours", **as_data(opening))

    def opening(self) -> Opening:
        """As the hall goes by it; raises Misread."""
        return from_data(self.model_dump())

    def data(self) -> dict[str, Any]:
        """All of it, closed days too; without lists in which nothing stands."""
        return {name: value for name, value in self.model_dump().items() if value not in ([], {})}


def _path(field: str) -> Path:
    """`seasons.0.week.monday` as a path; a service's id is never a place in a list."""
    listed = field.startswith(("seasons.", "days."))
    return tuple(int(part) if listed and part.isdecimal() else part for part in field.split("."))


def _read(conn: Any) -> list[Hours]:
    """Hours of services that were removed are left behind."""
    found = Hours.of(store.opening(conn))
    living = {one.id for one in setup.services(conn)}
    return [found.model_copy(update={"services": {id: own for id, own in found.services.items() if id in living}})]


def _save(conn: Any, one: Hours, position: int) -> None:
    store.put(conn, one.opening())


def _check(whole: SetUp) -> Iterator[Fault]:
    for one in whole.of(Hours):
        yield from unknown_services(whole, "hours", one.id, one.services, named=True)


hours = Section("hours", Hours, _read, _save, check=_check, single=True)
