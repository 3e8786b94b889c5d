"""What everybody changes of themselves: their password and their PIN, which then nobody else knows."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from server.access.audit import Audit
from server.access.people import Person, named, person
from server.access.roles import Principal
from server.errors import N_, Refused

Secret = Literal["password", "pin"]
OWN, GIVEN, PUT_OFF = 0, 1, 2
"""Who chose it: the person; somebody else; somebody else, and the person has put choosing their own off once."""


class NobodysSecret(Refused):
    status, slug = 409, "nobodys-secret"
    message: ClassVar[str] = N_("This access is a token of another system: it has neither a password nor a PIN.")


class SameAsBefore(Refused):
    status, slug = 422, "same-as-before"
    message: ClassVar[str] = N_("This is the one you have. Choose another one.")


class NotAlike(Refused):
    status, slug = 422, "not-alike"
    message: ClassVar[str] = N_("The two are not alike. Write the new one once more.")


def themselves(conn: Any, who: Principal) -> Person:
    """The person who asks; raises NobodysSecret when it is none, or UnknownPerson."""
    if who.kind != "person":
        raise NobodysSecret
    return person(conn, who.id)


def chosen_by(conn: Any, id: int, secret: Secret) -> int:
    """OWN, GIVEN or PUT_OFF."""
    row = conn.execute(f"SELECT {secret}_given FROM people WHERE id = ?", (id,)).fetchone()
    return int(row[0]) if row else OWN


def put_off(conn: Any, id: int, secret: Secret) -> None:
    """They choose their own next time, of this one; the other one is still to be asked about."""
    conn.execute(f"UPDATE people SET {secret}_given = {PUT_OFF} WHERE id = ? AND {secret}_given = {GIVEN}", (id,))


def choose(conn: Any, audit: Audit, who: Principal, secret: Secret, hash: str | None) -> None:
    """Their own from now on (None: no PIN any more); all their sessions end but this one."""
    found = themselves(conn, who)
    conn.execute(f"UPDATE people SET {secret} = ?, {secret}_given = {OWN} WHERE id = ?", (hash, found.id))
    conn.execute("DELETE FROM sessions WHERE person = ? AND 'session:' || hash <> ?", (found.id, who.proof))
    told = named(found)
    if secret == "password":
        audit.note(conn, Audit.PERSON, found.id, told, {**told, "password": "new"})
    else:
        pin = {"has_pin": hash is not None, "pin": "new" if hash else ""}
        audit.note(conn, Audit.PERSON, found.id, {**told, "has_pin": found.has_pin}, {**told, **pin})
