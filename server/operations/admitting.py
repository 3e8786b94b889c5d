"""People of a unit, added and changed on the command line by whoever has its folder: the installer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from server import settings
from server.access import Principal, passwords, people
from server.access.audit import Audit
from server.access.people import Details, Person
from server.clock import wall_ms
from server.operations.making import store_of
from server.store import open_reader
from server.unit import Unit
from server.visits.caller import Caller
from server.visits.leaving import leave_counters

T = TypeVar("T")
INSTALLER = Caller("installer", "installer", "administrator")


def new_person(folder: Path, login: str, name: str, role: str, password: str) -> None:
    """A new person who can sign in; raises what the rules of `server.access.people` refuse."""
    details = Details(login, name, role).checked()
    secret = passwords.new_password(login, password)
    _change(folder, lambda unit, conn: people.add(conn, _audit(unit), INSTALLER.role, details, secret, wall_ms()))


def list_people(folder: Path) -> list[Person]:
    """All who can sign in."""
    db = open_reader(store_of(folder))
    try:
        return people.everyone(db.conn)
    finally:
        db.close()


def new_password(folder: Path, login: str, password: str) -> None:
    """Another password, for somebody who lost theirs; they are signed out everywhere."""
    secret = passwords.new_password(login, password)
    keeper = Principal("installer", 0, INSTALLER.name, INSTALLER.role)

    def change(unit: Unit, conn: Any) -> None:
        people.set_password(conn, _audit(unit), keeper, people.by_login(conn, login).id, secret)

    _change(folder, change)


def remove_person(folder: Path, login: str) -> None:
    """Nobody signs in as this person any more; counters they hold are closed or left."""

    def change(unit: Unit, conn: Any) -> None:
        found = people.remove(conn, _audit(unit), INSTALLER.role, people.by_login(conn, login).id, wall_ms())
        leave_counters(unit.visits, conn, unit.now(), found.key, INSTALLER)

    _change(folder, change)


def _change(folder: Path, change: Callable[[Unit, Any], T]) -> T:
    """In one transaction, whether the server runs or not; a server that runs follows within seconds."""
    store_of(folder)
    unit = Unit(folder, settings.load(folder))
    try:
        return unit.writer.run(lambda conn: change(unit, conn))
    finally:
        unit.close()


def _audit(unit: Unit) -> Audit:
    return Audit(unit.journal, INSTALLER.id)
