"""The set-up as one TOML file: what is written is read again alike; a fault changes nothing and is told with its line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from server import editing, setup
from server.cli import main
from server.editing import SetUp
from server.editing.devices import Display, Kiosk
from server.editing.file import BadFile, Import, written
from server.editing.hall import Notice, Outcome, ParkReason, PauseReason, Priority
from server.editing.lines import Lines
from server.editing.rules import Calling, Numbers
from server.editing.services import Service, icons
from server.editing.work_profiles import Counter, WorkProfile
from server.journal import Journal
from server.operations.making import make_unit
from server.store.database import migrate
from server.visits import Order
from tests.conftest import KIOSK, MANAGER, ToldClock

LETTERS, DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
ids = st.builds(str.__add__, st.sampled_from(LETTERS + DIGITS), st.text(LETTERS + DIGITS + "-", max_size=10))
word = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=39)
line = st.builds("{} {}".format, word, word)
texts = st.fixed_dictionaries({"ar": line, "fr": line}, optional={"zgh": line})


@st.composite
def set_ups(draw: Any) -> SetUp:
    """Any set-up that keeps the rules."""
    names = draw(st.lists(ids, min_size=1, max_size=5, unique=True))
    prefixes = draw(
        st.lists(st.text(LETTERS.upper(), min_size=1, max_size=2), min_size=len(names), max_size=len(names), unique=True)
    )
    services = [
        {
            "id": id, "prefix": prefix, "name": draw(texts), "icon": draw(st.sampled_from(icons())), "open": draw(st.booleans()),
            "target_minutes": draw(st.integers(1, 600)), "documents": draw(st.lists(texts, max_size=2)),
            "first": draw(st.integers(1, 50)), "last": draw(st.integers(50, 9999)), "keeps_place": draw(st.booleans()),
        }
        for id, prefix in zip(names, prefixes, strict=True)
    ]  # fmt: skip
    some = st.lists(st.sampled_from(names), min_size=1, unique=True)
    profiles = [
        {"id": id, "name": draw(texts), "services": {one: draw(st.integers(1, 9)) for one in draw(some)}}
        for id in draw(st.lists(ids, max_size=2, unique=True))
    ]
    counters = [
        {"id": number, "number": number, "profile": draw(st.sampled_from([None, *(one["id"] for one in profiles)]))}
        for number in draw(st.sets(st.integers(1, 30), max_size=4).map(sorted))
    ]
    named = st.lists(st.fixed_dictionaries({"id": ids, "name": texts}), max_size=3, unique_by=lambda one: one["id"])
    day = st.sampled_from([None, "2026-11-01T08:00"])
    data: dict[str, tuple[type[Any], list[dict[str, Any]]]] = {
        "calling": (Calling, [{"cap_minutes": draw(st.integers(1, 480)), "prefer_one_in": draw(st.integers(2, 20)),
                               "early_minutes": draw(st.integers(0, 120)), "auto_next": draw(st.booleans())}]),
        "numbers": (Numbers, [{"day_starts": draw(st.sampled_from(["00:00", "04:30", "07:59"]))}]),
        "services": (Service, services),
        "work_profiles": (WorkProfile, profiles),
        "counters": (Counter, counters),
        "priorities": (Priority, draw(named)),
        "messages": (Notice, [{"id": id, "text": draw(texts), "begins": draw(day)} for id in draw(st.sets(st.integers(1, 9)))]),
        "pause_reasons": (PauseReason, draw(named)),
        "park_reasons": (ParkReason, draw(named)),
        "outcomes": (Outcome, draw(named)),
        "kiosks": (Kiosk, [{"id": name[:60], "services": draw(some)} for name in draw(st.sets(line, max_size=1))]),
        "displays": (Display, [{"id": "d 1", "title": draw(texts), "counters": [one["id"] for one in counters[:1]]}]),
    }  # fmt: skip
    things: dict[str, tuple[Any, ...]] = {}
    for name, (kind, entries) in data.items():
        made = [editing.made(kind, entry, name) for entry in entries]
        assert all(isinstance(one, editing.Thing) for one in made), made
        things[name] = tuple(made)
    return SetUp(things)


@given(set_ups())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_is_exported_and_imported_into_an_empty_unit_is_the_same_set_up(whole: SetUp) -> None:
    clock = ToldClock()
    db = memory()
    text = written(whole)
    empty = editing.read(db.conn)
    editor = editing.Editor(Journal("epoch", clock), ZoneInfo("Africa/Casablanca"))
    editor.become(db.conn, MANAGER, empty, Import(text).after(empty))
    kept = editing.read(db.conn)
    for name, things in whole.things.items():
        order = {one.id: place for place, one in enumerate(things)}
        assert sorted(kept.things[name], key=lambda one: order[one.id]) == list(things), name
        if name not in ("work_profiles", "displays"):
            assert [one.id for one in kept.things[name]] == [one.id for one in things]
    assert Import(written(kept)).after(empty) == Import(text).after(empty)
    assert editor.become(db.conn, MANAGER, kept, Import(text).after(kept)) == [], "a second time nothing changes"


def memory() -> Database:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    conn.execute("PRAGMA foreign_keys=ON")
    db = Database(conn)
    migrate(db)
    return db


def run(*args: object) -> Any:
    return CliRunner().invoke(main, ["setup", *map(str, args)])


def test_the_command_carries_a_set_up_from_one_unit_to_another(folder: Path, tmp_path: Path) -> None:
    make_unit(tmp_path / "other", "consulat")
    file = tmp_path / "set-up.toml"
    assert run("export", folder, "--out", file).exit_code == 0
    tried = run("import", tmp_path / "other", file, "--dry-run")
    assert "would be made" in tried.output
    assert run("export", tmp_path / "other").output != file.read_text()
    done = run("import", tmp_path / "other", file)
    assert done.exit_code == 0, done.output
    assert run("export", tmp_path / "other").output == file.read_text() == run("export", folder).output
    assert "0 changes made" in run("import", tmp_path / "other", file).output


def faulty_line(folder: Path, tmp_path: Path, old: str, new: str) -> tuple[int, str]:
    """Import the set-up with one place changed; the line of that place, and what the command said."""
    before = run("export", folder).output
    assert before.count(old) >= 1
    text = before.replace(old, new, 1)
    file = tmp_path / "set-up.toml"
    file.write_text(text.replace("cap_minutes = 30", "cap_minutes = 31"))
    said = run("import", folder, file)
    assert said.exit_code == 1
    assert run("export", folder).output == before, "nothing at all may be changed"
    return before[: before.index(old)].count("\n") + 1, said.output


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('prefix = "C"', 'prefix = "B"', "has the prefix B already"),
        ('prefix = "C"', 'prefix = "1"', "one or two Latin letters"),
        ("target_minutes = 30", 'target_minutes = "soon"', "whole number"),
        ("target_minutes = 30", "target_minutes = 0", "at least 1"),
        ('icon = "home"', 'icon = "castle"', "no icon “castle”"),
        ('fr = "Copies conformes"', 'en = "Copies"', "setting “en”"),
        ("number = 4", "number = 3", "a counter 3 already"),
        ("number = 4", 'number = 4\nprofile = "nobody"', "no work profile “nobody”"),
        ("[[priorities]]", "[[priority]]", "setting “priority”"),
        ("auto_next = false", "auto_next = maybe", "not a set-up file"),
        ("first = 1\n", "first = 10000\n", "at most 9999"),
        ("format = 1", "format = 2", "another format"),
        ('id = "legalisation"', 'id = "etat-civil"', "there twice"),
    ],
)
def test_a_fault_in_the_middle_changes_nothing_and_is_told_with_its_line(
    folder: Path, tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    line, said = faulty_line(folder, tmp_path, old, new)
    told = [int(number) for number in re.findall(r"^Line (\d+)", said, re.MULTILINE)]
    assert told, said
    assert any(abs(number - line) <= new.count("\n") for number in told), (line, said)
    assert sentence in said


def test_a_service_that_people_wait_for_is_not_taken_away_by_a_file(unit: Any, folder: Path, tmp_path: Path) -> None:
    unit.visits.issue(Order("autres", "ar"), KIOSK)
    text = run("export", folder).output
    start = text.index('[[services]]\nid = "autres"')
    file = tmp_path / "set-up.toml"
    file.write_text(text[:start] + text[text.index("[[counters]]") :])
    said = run("import", folder, file)
    assert said.exit_code == 1
    assert "services · autres" in said.output
    assert "1 visitors of this service" in said.output
    with unit.reading() as conn:
        assert setup.service(conn, "autres").open


def test_a_section_that_is_left_out_stays_as_it_is(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "set-up.toml"
    file.write_text("outcomes = []\n[calling]\ncap_minutes = 12\nprefer_one_in = 3\nearly_minutes = 5\nauto_next = true\n")
    assert "4 changes made" in run("import", folder, file).output
    text = run("export", folder).output
    assert "outcomes = []" in text
    assert text.count("[[services]]") == 6


STYLES = '''# x
a = """
[not-a-table]
b = 1
"""
[[s]]
id = "1"
[[s]]
id = "2"
list = [
  1,
  2,
]
[s.name]
ar = "x"
[t]
u.v = 1
'''


def test_lines_are_found_whatever_the_style() -> None:
    lines = Lines(STYLES)
    found = [
        lines.of(path) for path in (("a",), ("s", 0, "id"), ("s", 1), ("s", 1, "list", 1), ("s", 1, "name", "ar"), ("t", "u", "v"))
    ]
    assert found == [2, 7, 8, 10, 15, 17]


def test_a_file_of_nonsense_is_refused_with_a_line() -> None:
    for nonsense in ("\x00", "services = 3", "[services]\nid = 1", "services = [1]", "= 1", "[[services]]\nname = 3"):
        with pytest.raises(BadFile) as raised:
            Import(nonsense)
        assert raised.value.faults[0].line >= 1
