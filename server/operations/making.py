"""Making a unit: its folder, its `unit.toml` and its database filled from a profile."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from server import information, journal, setup
from server.access import devices
from server.access.audit import Audit
from server.access.keys import hashed, new_key
from server.clock import wall_ms
from server.errors import UnitError
from server.journal import Journal
from server.opening import store
from server.opening.writing import from_data
from server.settings import STORE_FILE, UNIT_FILE
from server.store import open_store, transaction

INSTALLER = "installer"
"""Who has the unit's folder, in the list of changes."""

UNIT_TOML = """\
# What the installer decides. An unknown key or a wrong value stops the start with a sentence naming it.
# What the manager decides (services, counters, people …) is in unit.db and edited on the manager's screens.

[unit]
id = "{id}"            # stable: the portal knows this unit by it
name = {{ ar = "{ar}", zgh = "{zgh}", fr = "{fr}" }}
timezone = "Africa/Casablanca"

[server]
host = "{host}"     # "0.0.0.0" lets the other machines of the hall in
port = 8080

{printers}
[portal]
adapter = "none"       # https | folder | none: see docs/sync.md
"""
NO_PRINTER = """\
# [[printers]]
# name = "hall-1"
# transport = "network"
# host = "192.0.2.10"
# port = 9100
# width_dots = 576     # 576 on 80 mm paper, 384 on 58 mm

[[kiosks]]
name = "kiosk-1"
# printer = "hall-1"
"""


NETWORK_PRINTER = """\
[[printers]]
name = "hall-1"
transport = "network"
host = "{host}"
port = 9100
width_dots = 576       # 576 on 80 mm paper, 384 on 58 mm

[[kiosks]]
name = "kiosk-1"
printer = "hall-1"
"""


class UnitExists(UnitError):
    """The folder holds a unit already."""


def network_printer(host: str) -> str:
    """The tables of a hall with one network printer and one kiosk."""
    return NETWORK_PRINTER.format(host=host)


def id_of(folder: Path) -> str:
    """The id that a folder's name suggests."""
    return re.sub(r"[^a-z0-9._-]+", "-", folder.resolve().name.lower()).strip("-._") or "unit"


def check_free(folder: Path) -> None:
    """Raises UnitExists when the folder holds a unit."""
    if (folder / UNIT_FILE).exists() or (folder / STORE_FILE).exists():
        raise UnitExists(f"{folder} already holds a unit; nothing was changed.")


def make_unit(folder: Path, profile: str, *, id: str | None = None, printers: str = NO_PRINTER, host: str = "127.0.0.1") -> None:
    """Make a unit in `folder`; raises UnitExists, or UnitError when the folder can't be written."""
    check_free(folder)
    names = setup.profile(profile)["name"]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = UNIT_TOML.format(id=id or id_of(folder), printers=printers, host=host, **names)
        for name in (UNIT_FILE, STORE_FILE):
            (folder / name).touch(mode=0o600)
        (folder / UNIT_FILE).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UnitError(f"The folder {folder} can't be written: {error.strerror}.") from error
    db = open_store(folder / STORE_FILE)
    with transaction(db):
        setup.seed(db.conn, profile)
        information.seed(db.conn, profile)
        _propose_hours(db.conn, profile)
    db.close()


def _propose_hours(conn: Any, profile: str) -> None:
    """The profile's opening hours, for the manager to look at: the kiosk keeps to them once the manager says so."""
    if hours := setup.profile(profile).get("opening"):
        store.put(conn, from_data({**hours, "kept": False}))


def new_token(folder: Path, role: str, name: str) -> str:
    """A new token for a device or another system, in the list of changes as the installer's."""
    db = open_store(store_of(folder))
    try:
        with transaction(db):
            epoch, clock = journal.begin_epoch(db.conn)
            token = new_key()
            made = devices.admit(db.conn, hashed(token), role, name, wall_ms())
            devices.note_new(db.conn, Audit(Journal(epoch, clock), INSTALLER), made)
            return token
    finally:
        db.close()


def store_of(folder: Path) -> Path:
    """The unit's database, which must exist: a command that reads a unit must not make an empty one."""
    path = folder / STORE_FILE
    if not path.is_file():
        raise UnitError(f"There is no unit in {folder}; make one with: istiqbal init {folder}")
    return path
