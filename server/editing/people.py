"""Who can sign in, as a file carries it: never a password or a PIN, and nobody is removed by a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from server.access import people as access
from server.access.audit import Audit
from server.access.people import Details
from server.clock import wall_ms
from server.editing.section import Live, Section, SetUp
from server.editing.things import Fault, Thing, Unfit
from server.errors import Refused


class Person(Thing):
    """By login. Whoever is new can't sign in before a password or a PIN is set; those who are there keep theirs."""

    id: str
    name: str
    role: Literal["clerk", "manager", "administrator"]
    languages: list[Literal["ar", "zgh", "fr"]] = Field(default_factory=list)

    @model_validator(mode="after")
    def _fit(self) -> Self:
        try:
            self.details().checked()
        except Refused as refusal:
            raise Unfit(refusal, "id" if isinstance(refusal, access.BadLogin) else "name") from refusal
        return self

    def details(self) -> Details:
        return Details(self.id, self.name.strip(), self.role, tuple(self.languages))


def _read(conn: Any) -> list[Person]:
    everyone = sorted((person.details for person in access.everyone(conn)), key=lambda one: one.login)
    return [Person.model_construct(id=one.login, name=one.name, role=one.role, languages=[*one.languages]) for one in everyone]


def _save(conn: Any, one: Person, position: int) -> None:
    access.bring(conn, one.details(), wall_ms())


def _check(whole: SetUp) -> Iterator[Fault]:
    logins: set[str] = set()
    for one in whole.of(Person):
        if one.id.casefold() in logins:
            yield Fault("people", one.id, ("id",), access.LoginTaken(login=one.id))
        logins.add(one.id.casefold())


def _may_become(live: Live, old: Person | None, new: Person) -> None:
    """Raises LastOne."""
    if old is not None:
        access.may_get_role(live.conn, new.id, new.role)


def _noted(conn: Any) -> dict[tuple[str, str | int], Any]:
    return {(Audit.PERSON, str(one.id)): one.details.facts() for one in access.everyone(conn)}


people = Section("people", Person, _read, _save, check=_check, may_become=_may_become, keeps_others=True, noted=_noted)
