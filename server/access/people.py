"""People who sign in: who they are, what they may do, their passwords and PINs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, ClassVar

from server.access import passwords
from server.access.audit import Audit, Facts
from server.access.roles import ROLES_OF_PEOPLE, ClerksOnly, Principal, known_role, looks_after
from server.errors import N_, Refused
from server.revisions import ChangedMeanwhile, digest, last_editor

_LOGIN = re.compile(r"[^\s:#\x00-\x1f]{1,64}")
LONGEST_NAME = 80


class LoginTaken(Refused):
    status, slug = 409, "login-taken"
    message: ClassVar[str] = N_("The login “%(login)s” is taken.")


class BadLogin(Refused):
    status, slug = 422, "bad-login"
    message: ClassVar[str] = N_("A login is 1 to 64 characters without spaces, “:” or “#”.")


class BadName(Refused):
    status, slug = 422, "bad-name"
    message: ClassVar[str] = N_("A name is 1 to 80 characters.")


class UnknownPerson(Refused):
    status, slug = 404, "unknown-person"
    message: ClassVar[str] = N_("There is no such person here; somebody may have removed them.")


class OwnSecret(Refused):
    status, slug = 409, "own-secret"
    message: ClassVar[str] = N_("You change your own on the page “My password and PIN”, where the old one is asked for.")


class LastOne(Refused):
    status, slug = 409, "last-administrator"
    message: ClassVar[str] = N_("This is the last person who can manage this site; add another one first.")


@dataclass(frozen=True, slots=True)
class Details:
    """What is said of a person; `languages` are those they serve visitors in."""

    login: str
    name: str
    role: str
    languages: tuple[str, ...] = ()

    def checked(self) -> Details:
        """Itself; raises BadLogin, BadName or UnknownRole."""
        if not _LOGIN.fullmatch(self.login):
            raise BadLogin
        if not 1 <= len(self.name.strip()) <= LONGEST_NAME or any(ord(sign) < 32 for sign in self.name):
            raise BadName
        known_role(self.role, ROLES_OF_PEOPLE)
        return self

    def facts(self) -> Facts:
        return {"login": self.login, "name": self.name, "role": self.role, "languages": list(self.languages)}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in."""

    id: int
    details: Details
    has_pin: bool

    @property
    def key(self) -> str:
        """How the journal and the counters name this person."""
        return f"person:{self.id}"

    @property
    def revision(self) -> str:
        """Another one means that somebody changed what is said of this person."""
        return digest(self.details.facts())


_COLUMNS = "id, login, name, role, languages, pin IS NOT NULL"


def everyone(conn: Any) -> list[Person]:
    """All who can sign in, by role and name."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM people WHERE removed_at IS NULL ORDER BY role, name COLLATE NOCASE")
    return [_person(row) for row in rows]


def person(conn: Any, id: int) -> Person:
    """Somebody by number; raises UnknownPerson."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM people WHERE id = ? AND removed_at IS NULL", (id,)).fetchone()
    if row is None:
        raise UnknownPerson
    return _person(row)


def by_login(conn: Any, login: str) -> Person:
    """Somebody by login, in capitals or not; raises UnknownPerson."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM people WHERE login = ? AND removed_at IS NULL", (login,)).fetchone()
    if row is None:
        raise UnknownPerson
    return _person(row)


def _person(row: Any) -> Person:
    id, login, name, role, languages, has_pin = row
    return Person(id, Details(login, name, role, tuple(json.loads(languages))), bool(has_pin))


def add(conn: Any, audit: Audit, keeper: str, details: Details, password_hash: str, at: int, *, given: bool = False) -> int:
    """A new person and their number; raises LoginTaken, ClerksOnly and what `Details.checked` raises.

    `given`: the password was chosen for them, and they are asked for one of their own.
    """
    _allowed(keeper, details.checked().role)
    _free(conn, details.login)
    added = conn.execute(
        "INSERT INTO people(login, name, role, languages, password, created_at, password_given) VALUES (?,?,?,?,?,?,?)",
        (details.login, details.name.strip(), details.role, json.dumps(details.languages), password_hash, at, given),
    )
    audit.note(conn, audit.PERSON, added.lastrowid, None, details.facts())
    return int(added.lastrowid)


def edit(conn: Any, audit: Audit, keeper: str, id: int, details: Details, revision: str) -> None:
    """Change what is said of a person who was read at `revision`; another role ends their sessions.

    Raises as `add`, ChangedMeanwhile and LastOne.
    """
    found = person(conn, id)
    before = found.details
    _allowed(keeper, before.role, details.checked().role)
    if before == details:
        return
    if found.revision != revision:
        raise ChangedMeanwhile(who=last_editor(conn, audit.PERSON, str(id), telling="role"))  # not: who set a password
    if before.login.casefold() != details.login.casefold():
        _free(conn, details.login)
    if before.role != details.role:
        _another_must_manage(conn, id, details.role)
        end_sessions(conn, id)
    conn.execute(
        "UPDATE people SET login = ?, name = ?, role = ?, languages = ? WHERE id = ?",
        (details.login, details.name.strip(), details.role, json.dumps(details.languages), id),
    )
    audit.note(conn, audit.PERSON, id, before.facts(), details.facts())


def bring(conn: Any, details: Details, at: int) -> None:
    """Make the person with this login what a file says: a new one has no password yet; another role ends their sessions."""
    languages = json.dumps(details.languages)
    found = conn.execute("SELECT id, role FROM people WHERE login = ? AND removed_at IS NULL", (details.login,)).fetchone()
    if found is None:
        conn.execute(
            "INSERT INTO people(login, name, role, languages, password, created_at) VALUES (?,?,?,?,'',?)",
            (details.login, details.name, details.role, languages, at),
        )
        return
    id, role = found
    if role != details.role:
        end_sessions(conn, id)
    conn.execute("UPDATE people SET name = ?, role = ?, languages = ? WHERE id = ?", (details.name, details.role, languages, id))


def may_get_role(conn: Any, login: str, role: str) -> None:
    """Raises LastOne when the person with this login alone can manage the site and is about to lose it."""
    _another_must_manage(conn, by_login(conn, login).id, role)


def set_password(conn: Any, audit: Audit, keeper: Principal, id: int, password_hash: str) -> None:
    """A new password for somebody else, who is asked for one of their own; all sessions end. Raises OwnSecret."""
    found = _somebody_else(conn, keeper, id)
    given = keeper.kind == "person"  # on the command line it may be one's own
    conn.execute("UPDATE people SET password = ?, password_given = ? WHERE id = ?", (password_hash, given, id))
    end_sessions(conn, id)
    audit.note(conn, audit.PERSON, id, named(found), {**named(found), "password": "new"})


def set_pin(conn: Any, audit: Audit, keeper: Principal, id: int, pin_hash: str | None) -> None:
    """A new PIN for somebody else, who is asked for one of their own, or none any more; all sessions end. Raises OwnSecret."""
    found = _somebody_else(conn, keeper, id)
    conn.execute("UPDATE people SET pin = ?, pin_given = ? WHERE id = ?", (pin_hash, pin_hash is not None, id))
    end_sessions(conn, id)
    before, after = found.has_pin, pin_hash is not None
    who = named(found)
    audit.note(conn, audit.PERSON, id, {**who, "has_pin": before}, {**who, "has_pin": after, "pin": "new" * after})


def remove(conn: Any, audit: Audit, keeper: str, id: int, at: int) -> Person:
    """Nobody signs in as this person any more; the name stays for reports and the journal, the login is free again."""
    found = person(conn, id)
    _allowed(keeper, found.details.role)
    _another_must_manage(conn, id, None)
    end_sessions(conn, id)
    conn.execute(
        "UPDATE people SET removed_at = ?, login = ?, password = '', pin = NULL WHERE id = ?",
        (at, f"{found.details.login}#{id}", id),
    )
    audit.note(conn, audit.PERSON, id, found.details.facts(), None)
    return found


def end_sessions(conn: Any, id: int) -> int:
    """Sign a person out everywhere, at once; how many sessions that were."""
    return int(conn.execute("DELETE FROM sessions WHERE person = ?", (id,)).rowcount)


def sign_out(conn: Any, audit: Audit, keeper: str, id: int) -> None:
    """A manager ends all sessions of a person. Raises ClerksOnly."""
    found = person(conn, id)
    _allowed(keeper, found.details.role)
    ended = end_sessions(conn, id)
    audit.note(conn, audit.PERSON, id, {**named(found), "sessions": ended}, {**named(found), "sessions": 0})


def note_unlocked(conn: Any, audit: Audit, keeper: str, id: int) -> None:
    """A manager is about to end the waiting time of a person after wrong attempts. Raises ClerksOnly."""
    found = person(conn, id)
    _allowed(keeper, found.details.role)
    audit.note(conn, audit.PERSON, id, named(found), {**named(found), "lock_out": "ended"})


def check_password(conn: Any, login: str, password: str) -> Principal | None:
    """The person with this login and password; takes the same time whether the login exists or not."""
    row = conn.execute("SELECT id, name, role, password FROM people WHERE login = ? AND removed_at IS NULL", (login,)).fetchone()
    if not passwords.fits(row and row[3], password) or row is None:
        return None
    return Principal("person", *row[:3])


def check_pin(conn: Any, id: int, pin: str) -> Principal | None:
    """The person with this number and PIN."""
    row = conn.execute("SELECT id, name, role, pin FROM people WHERE id = ? AND removed_at IS NULL", (id,)).fetchone()
    if not passwords.fits(row and row[3], pin) or row is None:
        return None
    return Principal("person", *row[:3])


def named(one: Person) -> Facts:
    """Who it is, for a change of something else."""
    return {"login": one.details.login, "name": one.details.name}


def _somebody_else(conn: Any, keeper: Principal, id: int) -> Person:
    """Raises OwnSecret: of their own everybody says the old one first."""
    found = person(conn, id)
    if found.key == keeper.caller().id:
        raise OwnSecret
    _allowed(keeper.role, found.details.role)
    return found


def _allowed(keeper: str, *roles: str) -> None:
    if not all(looks_after(keeper, role) for role in roles):
        raise ClerksOnly


def _free(conn: Any, login: str) -> None:
    if conn.execute("SELECT 1 FROM people WHERE login = ?", (login,)).fetchone():
        raise LoginTaken(login=login)


def _another_must_manage(conn: Any, id: int, becomes: str | None) -> None:
    """Raises LastOne when this person holds the site's highest role alone and is about to lose it."""
    roles = dict(conn.execute("SELECT id, role FROM people WHERE removed_at IS NULL AND role <> 'clerk'").fetchall())
    highest = "administrator" if "administrator" in roles.values() else "manager"
    holders = [one for one, role in roles.items() if role == highest]
    if holders == [id] and becomes not in (highest, "administrator"):
        raise LastOne
