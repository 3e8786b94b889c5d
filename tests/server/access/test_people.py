"""People: who may change whom, what a password and a PIN must be, and what stays of somebody who is removed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from server.access import Principal, passwords, people, sessions
from server.access.audit import Audit
from server.access.passwords import WeakPassword, WeakPin
from server.access.people import BadLogin, BadName, Details, LastOne, LoginTaken, UnknownPerson
from server.access.roles import ClerksOnly, UnknownRole
from server.errors import Refused
from server.unit import Unit

SECRET = passwords.hash_of("a good password")
ADMINISTRATOR = Principal("person", 99, "Tiziri", "administrator")


class Office:
    """Changes people as one who may."""

    def __init__(self, unit: Unit, keeper: str = "administrator") -> None:
        self.unit, self.keeper = unit, keeper
        self.audit = Audit(unit.journal, "person:99")

    def run(self, change: Callable[[Any], Any]) -> Any:
        return self.unit.writer.run(change)

    def add(self, login: str, role: str = "clerk", name: str = "Salma") -> int:
        found: int = self.run(
            lambda conn: people.add(conn, self.audit, self.keeper, Details(login, name, role, ("ar",)), SECRET, 1)
        )
        return found

    def edit(self, id: int, login: str, role: str, name: str = "Salma") -> None:
        details = Details(login, name, role, ("ar",))
        self.run(lambda conn: people.edit(conn, self.audit, self.keeper, id, details, people.person(conn, id).revision))

    def remove(self, id: int) -> None:
        self.run(lambda conn: people.remove(conn, self.audit, self.keeper, id, 5))

    def changes(self) -> list[dict[str, Any]]:
        with self.unit.reading() as conn:
            rows = conn.execute("SELECT data FROM events WHERE type = 'setup_changed' ORDER BY seq").fetchall()
        return [json.loads(data) for (data,) in rows]


@pytest.fixture
def office(unit: Unit) -> Office:
    return Office(unit)


@pytest.mark.parametrize("password", ["", "short", "nine char", "Salma.Alaoui", " salma.alaoui ", "x" * 201])
def test_a_password_is_long_enough_and_not_the_login(password: str) -> None:
    with pytest.raises(WeakPassword):
        passwords.new_password("salma.alaoui", password)


def test_a_password_needs_no_capitals_digits_or_signs_and_may_be_of_any_script() -> None:
    for password in ("ten letter", "كلمة سر طويلة", "ⵜⴰⴳⵓⵔⵉ ⵏ ⵓⵣⵔⴰⵢ"):
        assert passwords.fits(passwords.new_password("salma", password), password)


@pytest.mark.parametrize(
    "pin",
    ["", "123", "123456789", "12a4", "٢٧٥٩", "0000", "77777", "1234", "4321", "7890", "987654", "1212", "135135", "1987", "2026"],
)
def test_a_pin_that_anybody_would_try_first_is_refused(pin: str) -> None:
    with pytest.raises(WeakPin):
        passwords.new_pin(pin)


def test_a_pin_has_four_to_eight_digits() -> None:
    for pin in ("2759", "80412", "27591846"):
        assert passwords.fits(passwords.new_pin(pin), pin)
        assert not passwords.fits(passwords.new_pin(pin), pin[:-1] + "x")


def test_a_manager_looks_after_clerks_and_nobody_else(unit: Unit, office: Office) -> None:
    boss, clerk = office.add("boss", "manager"), office.add("salma")
    manager = Office(unit, "manager")
    assert manager.add("idir") > 0
    for change in (
        lambda: manager.add("chief", "administrator"),
        lambda: manager.add("second", "manager"),
        lambda: manager.edit(clerk, "salma", "manager"),
        lambda: manager.edit(boss, "boss", "clerk"),
        lambda: manager.remove(boss),
        lambda: Office(unit, "clerk").add("friend"),
    ):
        with pytest.raises(ClerksOnly):
            change()


def test_the_last_administrator_stays_and_without_one_the_last_manager(office: Office) -> None:
    manager = office.add("boss", "manager")
    with pytest.raises(LastOne):
        office.remove(manager)
    with pytest.raises(LastOne):
        office.edit(manager, "boss", "clerk")
    office.edit(manager, "boss", "administrator")
    second = office.add("second", "manager")
    with pytest.raises(LastOne):
        office.edit(manager, "boss", "manager")
    with pytest.raises(LastOne):
        office.remove(manager)
    office.remove(second)
    office.add("third", "administrator")
    office.remove(manager)


@pytest.mark.parametrize(
    ("details", "refusal"),
    [
        (Details("", "Salma", "clerk"), BadLogin),
        (Details("two words", "Salma", "clerk"), BadLogin),
        (Details("salma#1", "Salma", "clerk"), BadLogin),
        (Details("salma", " ", "clerk"), BadName),
        (Details("salma", "x" * 81, "clerk"), BadName),
        (Details("salma", "a\nb", "clerk"), BadName),
        (Details("salma", "Salma", "king"), UnknownRole),
        (Details("salma", "Salma", "kiosk"), UnknownRole),
    ],
)
def test_what_makes_no_person_is_refused(details: Details, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        details.checked()


def test_a_login_is_taken_whatever_its_capitals_and_free_again_after_a_removal(unit: Unit, office: Office) -> None:
    first, second = office.add("Salma"), office.add("idir")
    with pytest.raises(LoginTaken):
        office.add("salma")
    with pytest.raises(LoginTaken):
        office.edit(second, "SALMA", "clerk")
    office.edit(first, "salma", "clerk")
    office.remove(first)
    assert office.add("salma") != first
    with unit.reading() as conn, pytest.raises(UnknownPerson):
        people.person(conn, first)
    with unit.reading() as conn:
        assert conn.execute("SELECT name FROM people WHERE id = ?", (first,)).fetchone() == ("Salma",), "for reports"


def as_manager(conn: Any, audit: Audit, id: int) -> None:
    details = Details(f"s{id}", "Salma", "manager", ("ar",))
    people.edit(conn, audit, "administrator", id, details, people.person(conn, id).revision)


def test_a_new_password_a_pin_another_role_and_removal_each_end_the_sessions(unit: Unit, office: Office) -> None:
    office.add("boss", "administrator")
    changes: list[Callable[[int, Any], object]] = [
        lambda id, conn: people.set_password(conn, office.audit, ADMINISTRATOR, id, SECRET),
        lambda id, conn: people.set_pin(conn, office.audit, ADMINISTRATOR, id, passwords.hash_of("2759")),
        lambda id, conn: people.set_pin(conn, office.audit, ADMINISTRATOR, id, None),
        lambda id, conn: as_manager(conn, office.audit, id),
        lambda id, conn: people.remove(conn, office.audit, "administrator", id, 5),
    ]
    for number, change in enumerate(changes):
        id = office.add(f"login-{number}")
        key = unit.writer.run(lambda conn, id=id: sessions.begin(conn, id, 1))
        with unit.reading() as conn:
            assert sessions.by_key(conn, key, 2)
        unit.writer.run(lambda conn, id=id, change=change: change(id, conn))
        with unit.reading() as conn:
            assert sessions.by_key(conn, key, 2) is None, number


def test_a_name_or_login_alone_ends_no_session(unit: Unit, office: Office) -> None:
    id = office.add("salma")
    key = unit.writer.run(lambda conn: sessions.begin(conn, id, 1))
    office.edit(id, "salma.a", "clerk", "Salma A.")
    with unit.reading() as conn:
        assert sessions.by_key(conn, key, 2) is not None


def test_a_session_lasts_twelve_hours_and_not_longer(unit: Unit, office: Office) -> None:
    id = office.add("salma")
    key = unit.writer.run(lambda conn: sessions.begin(conn, id, 0))
    with unit.reading() as conn:
        assert sessions.by_key(conn, key, 12 * 3600 * 1000 - 1)
        assert sessions.by_key(conn, key, 12 * 3600 * 1000) is None


def test_who_came_in_by_pin_works_as_a_clerk_whatever_their_role(unit: Unit, office: Office) -> None:
    id = office.add("boss", "administrator")
    key = unit.writer.run(lambda conn: sessions.begin(conn, id, 1, device=7))
    with unit.reading() as conn:
        found = sessions.by_key(conn, key, 2)
    assert found is not None
    assert found.role == "clerk"


def test_every_change_is_in_the_audit_list_and_no_secret_is(unit: Unit, office: Office) -> None:
    boss, id = office.add("boss", "administrator"), office.add("salma")
    office.edit(id, "salma", "manager")
    office.edit(id, "salma", "manager")
    unit.writer.run(lambda conn: people.set_pin(conn, office.audit, ADMINISTRATOR, id, passwords.hash_of("2759")))
    unit.writer.run(lambda conn: people.set_password(conn, office.audit, ADMINISTRATOR, id, SECRET))
    office.remove(id)
    told = [(change["what"], change["id"], change["before"], change["after"]) for change in office.changes()]
    salma = {"login": "salma", "name": "Salma", "role": "clerk", "languages": ["ar"]}
    assert told[0][:2] == ("person", str(boss))
    assert told[1] == ("person", str(id), None, salma)
    assert told[2] == ("person", str(id), salma, {**salma, "role": "manager"})
    who = {"login": "salma", "name": "Salma"}
    assert told[3][2:] == ({**who, "has_pin": False}, {**who, "has_pin": True, "pin": "new"})
    assert told[4][3] == {**who, "password": "new"}
    assert told[5] == ("person", str(id), {**salma, "role": "manager"}, None)
    assert len(told) == 6, "saving what was not changed is no change"
    assert "argon2" not in json.dumps(office.changes())
