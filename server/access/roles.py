"""The roles, and the one table of what each may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from server.errors import N_, Refused
from server.visits.caller import Caller

ROLES_OF_PEOPLE = ("clerk", "manager", "administrator")
ROLES_OF_SCREENS = ("kiosk", "display", "counter", "tablet")
"""Roles that a paired device has; `counter` is a shared PC at which clerks sign in by PIN, `tablet` stands before the visitor."""
ROLES = (*ROLES_OF_SCREENS, *ROLES_OF_PEOPLE)
"""Roles that a token may have: another system's token has the role of the person it works for."""

_STAFF = frozenset({"clerk", "manager", "administrator"})
_MANAGERS = frozenset({"manager", "administrator"})

PERMISSIONS: Mapping[str, frozenset[str]] = {
    "issue a ticket": _STAFF | {"kiosk"},
    "work at a counter": _STAFF,
    "release a counter": _MANAGERS,
    "see the media": _MANAGERS | {"display"},
    "see the board": _STAFF | {"kiosk", "display"},
    "read reports": _MANAGERS,
    "see clerks' figures": _MANAGERS,
    "print a ticket again": _STAFF,
    "use the kiosk": frozenset({"kiosk"}),
    "use the display": frozenset({"display"}),
    "ask at a counter": frozenset({"tablet"}),
    "use the counter screen": _STAFF,
    "choose one's own password": _STAFF,
    "manage": _MANAGERS,
    "look after people": _MANAGERS,
    "look after devices": _MANAGERS,
    "make tokens": frozenset({"administrator"}),
    "import the set-up": frozenset({"administrator"}),
    "sign in by PIN": frozenset({"counter"}),
}
"""What is done → the roles that may. A visit's own id is the key to that visit: no role is asked for it."""


class UnknownRole(Refused):
    status, slug = 422, "unknown-role"
    message: ClassVar[str] = N_("There is no role “%(name)s”; choose one of: %(roles)s.")


class ClerksOnly(Refused):
    status, slug = 403, "clerks-only"
    message: ClassVar[str] = N_("A manager looks after clerks; for managers and administrators ask an administrator.")


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody or something that proved who it is; `proof` names the session or token that did (never its secret)."""

    kind: str
    id: int
    name: str
    role: str
    proof: str = ""

    def may(self, permission: str) -> bool:
        return self.role in PERMISSIONS[permission]

    def caller(self) -> Caller:
        return Caller(f"{self.kind}:{self.id}", self.name, self.role)


def known_role(role: str, among: tuple[str, ...]) -> str:
    """The role itself; raises UnknownRole."""
    if role not in among:
        raise UnknownRole(name=role, roles=", ".join(among))
    return role


def looks_after(keeper: str, role: str) -> bool:
    """Whether somebody of role `keeper` adds, changes and removes people of `role`."""
    return keeper == "administrator" or (keeper == "manager" and role == "clerk")
