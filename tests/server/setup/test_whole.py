"""The file holds the whole set-up: every table and every choice of a unit is either carried by it or named here as left out."""

from __future__ import annotations

import ast
import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlite_utils import Database

import server
from server import editing, setup
from server.editing.file import Import, written
from server.journal import Journal
from tests.conftest import MANAGER, ToldClock
from tests.server.setup.set_ups import logo
from tests.server.setup.test_file import memory

CARRIED: dict[str, set[str]] = {
    "services": {"position", "removed_at"},
    "service_information": set(),
    "work_profiles": {"position"},
    "work_profile_services": set(),
    "counters": {"state", "clerk", "clerk_name", "since", "reason", "removed_at"},
    "priorities": {"position", "removed_at"},
    "messages": {"position"},
    "kiosk_choices": set(),
    "display_choices": set(),
    "opening_hours": {"id", "revision", "told"},
    "media": {"id", "position", "kind", "name", "file"},
    "people": {"id", "password", "pin", "password_given", "pin_given", "created_at", "removed_at"},
}
"""Tables of the set-up and their columns that no file holds: the order is that of the file, the rest is of the day or a secret."""
LEFT_OUT = {
    "epochs", "events", "number_series", "visits", "legs", "waiting", "deliveries", "answers", "ratings", "submissions",
    "promises", "report_days", "report_columns", "report_sendings", "portal_line", "alerts",
    "sessions", "tokens", "access_changes",
    "choices", "sqlite_sequence",
}  # fmt: skip
"""What happened, what is owed, who is in; the choices are told one by one below."""
CHOICES_LEFT_OUT = {
    "results_of_last_month": "counted anew",
    "voice_tested": "a test call lasts seconds",
    "last_day_ended": "what happened",
    "import_secret": "a secret of visits brought from elsewhere",
}
WHOLE = """
format = 1
[calling]
cap_minutes = 41
prefer_one_in = 4
early_minutes = 7
auto_next = true
put_back = "place"
put_back_after = 5
[numbers]
day_starts = "05:00"
[estimates]
after_waits = 77
[hours]
kept = true
[hours.week]
monday = "08:30-12:00"
[ticket]
footer = { fr = "Merci" }
logo = "LOGO"
[voice]
languages = ["zgh"]
visitor_first = false
repeats = 2
volume = [{ since = "08:00", level = 30 }]
[ratings]
rating_days = 3
[reports]
clerk_figures = true
keep_rows_days = 99
[alerts]
waiting = 12
[media]
results = true
[[media.texts]]
text = { ar = "أهلا", fr = "Bienvenue\\nà tous" }
displays = ["d 1"]
begins = "2026-12-01"
ends = "2026-12-24"
since = "08:00"
until = "12:30"
seconds = 20
[[media.texts]]
text = { zgh = "ⴰⵣⵓⵍ" }
[[services]]
id = "b"
name = { ar = "ب", zgh = "ⴱ", fr = "B" }
prefix = "B"
icon = "home"
target_minutes = 33
documents = [{ ar = "صورة", fr = "Photo" }]
open = false
series = "both"
first = 100
last = 300
keeps_place = false
sentence = { ar = "س", fr = "s" }
fees = { ar = "س", fr = "s" }
delay = { ar = "س", fr = "s" }
steps = { ar = "س", fr = "s" }
heading = { ar = "س", fr = "s" }
[[services]]
id = "a"
name = { ar = "ا", fr = "A" }
prefix = "A"
icon = "home"
target_minutes = 33
[[work_profiles]]
id = "quick"
name = { ar = "سريع", fr = "Rapide" }
services = { a = 2 }
[[counters]]
id = 7
number = 8
profile = "quick"
[[priorities]]
id = "old"
name = { ar = "مسن", fr = "Âgé" }
[[messages]]
id = 3
text = { ar = "مرحبا", fr = "Bonjour" }
begins = "2026-12-01T08:30"
ends = "2026-12-02T08:30"
[[pause_reasons]]
id = "p"
name = { ar = "ص", fr = "p" }
[[park_reasons]]
id = "p"
name = { ar = "ص", fr = "p" }
[[outcomes]]
id = "p"
name = { ar = "ص", fr = "p" }
[[kiosks]]
id = "k 1"
services = ["a"]
[[displays]]
id = "d 1"
title = { fr = "Salle" }
services = ["a"]
counters = [7]
[[readings]]
id = "d 1"
distance_m = 9.5
diagonal_in = 43.0
[[people]]
id = "amal"
name = "Amal"
role = "administrator"
languages = ["zgh"]
""".replace("LOGO", logo())


def brought(text: str) -> Database:
    """An empty unit after the import of a file."""
    db = memory()
    empty = editing.read(db.conn)
    clock = ToldClock()
    clock.pass_by(-2 * 3600)  # 07:00, when the hour at which a day begins may be moved
    editing.Editor(Journal("epoch", clock), ZoneInfo("Africa/Casablanca")).become(
        db.conn, MANAGER, empty, Import(text).after(empty)
    )
    return db


@pytest.fixture(scope="module")
def whole() -> Database:
    return brought(WHOLE)


def rows(db: Database, table: str) -> list[tuple[Any, ...]]:
    """What a file carries of a table, in order."""
    columns = [one.name for one in db[table].columns]
    order = "position" if "position" in columns else "1"
    carried = ", ".join(name for name in columns if name not in CARRIED[table])
    return [tuple(row) for row in db.conn.execute(f"SELECT {carried} FROM {table} ORDER BY {order}")]


def test_every_table_is_carried_or_left_out_on_purpose(whole: Database) -> None:
    tables = set(whole.table_names())
    assert tables - LEFT_OUT == set(CARRIED)


@pytest.mark.parametrize("table", CARRIED)
def test_a_table_comes_through_a_file_as_it_was(whole: Database, table: str) -> None:
    """Each carried column is there with something in it, so that one that the file forgets is missed."""
    found = rows(whole, table)
    for name, values in zip(
        [one.name for one in whole[table].columns if one.name not in CARRIED[table]], zip(*found, strict=True), strict=True
    ):
        usual = {None, "", "[]", "{}", *(one.default_value for one in whole[table].columns if one.name == name)}
        assert {value if value is None else str(value) for value in values} - usual, (table, name)
    assert rows(brought(written(editing.read(whole.conn))), table) == found


def test_every_choice_of_a_manager_comes_through_a_file_as_it_was(whole: Database) -> None:
    kept = dict(whole.conn.execute("SELECT name, value FROM choices").fetchall())
    again = dict(brought(written(editing.read(whole.conn))).conn.execute("SELECT name, value FROM choices").fetchall())
    assert {name: json.loads(value) for name, value in again.items()} == {name: json.loads(value) for name, value in kept.items()}
    assert set(choices_in_the_code()) | set(setup.LISTS) == set(kept) | set(CHOICES_LEFT_OUT)


def choices_in_the_code() -> Iterator[str]:
    """The names under which the code keeps and looks up choices."""
    top = Path(server.__file__).parents[1]
    for room in ("server", "manager", "counter", "kiosk", "display"):
        for path in (top / room).rglob("*.py"):
            module = ".".join(path.relative_to(top).with_suffix("").parts)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                yield from _named(node, module)


def _named(node: ast.AST, module: str) -> Iterator[str]:
    if not isinstance(node, ast.Call) or len(node.args) != 3:
        return
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if called not in ("choice", "choose") or ast.unparse(node.args[0]) not in ("conn", "self._conn", "db.conn"):
        return
    said = node.args[1]
    if isinstance(said, ast.Constant):
        yield str(said.value)
    elif isinstance(said, ast.Name) and said.id != "name":  # those of setup.LISTS, one after the other
        yield str(getattr(importlib.import_module(module), said.id))
