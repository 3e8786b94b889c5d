"""The set-up as one TOML file: what is written is read again alike; a fault changes nothing and is told with its line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from server import editing, setup
from server.access import passwords
from server.access import people as people_of
from server.access.audit import Audit
from server.access.people import Details
from server.cli import main
from server.editing import SetUp
from server.editing.file import BadFile, Import, written
from server.editing.lines import Lines
from server.journal import Journal
from server.opening import store
from server.opening.writing import day_text
from server.operations.making import make_unit
from server.setup import slip, voice
from server.store.database import migrate
from server.visits import Order
from tests.conftest import KIOSK, MANAGER, ToldClock
from tests.server.setup.set_ups import set_ups


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


@pytest.mark.parametrize("profile", setup.profiles())
def test_the_file_of_each_profile_makes_an_empty_unit_the_same(tmp_path: Path, profile: str) -> None:
    make_unit(tmp_path / "unit", profile)
    text = run("export", tmp_path / "unit").output
    db = memory()
    empty = editing.read(db.conn)
    editor = editing.Editor(Journal("epoch", ToldClock()), ZoneInfo("Africa/Casablanca"))
    editor.become(db.conn, MANAGER, empty, Import(text).after(empty))
    assert written(editing.read(db.conn)) == text


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
        ('monday = "', 'monday = "25:00-26:00, ', "are no hours"),
        ('friday = "', 'freeday = "', "can't be used here"),
        ("on = false", "on = 3", "can't be used here"),
        ("after_waits = 200", "after_waits = 3", "at least 20"),
        ("subtitle = true", "subtitel = true", "setting “subtitel”"),
        ("level = 80", "level = 180", "at most 100"),
        ('languages = ["ar", "fr"]', 'languages = ["ar", "ar"]', "there twice"),
        ("clerk_figures = false", "clerk_figures = false\nkeep_rows_days = 3", "at least 31"),
        ("clerk_figures = false", 'clerk_figures = false\n[[people]]\nid = "a b"\nname = "x"\nrole = "clerk"', "without spaces"),
        ("clerk_figures = false", 'clerk_figures = false\n[[people]]\nid = "a"\nname = "x"\nrole = "chief"', "can't be used"),
        ("[ticket]", '[ticket]\nlogo = "bm8gcGljdHVyZQ=="', "logo can't be used"),
        ('fees = {ar = "مجانا"', 'fees = {ar = ""', "This is needed"),
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


def imported(folder: Path, tmp_path: Path, text: str) -> Any:
    file = tmp_path / "part.toml"
    file.write_text(text, encoding="utf-8")
    return run("import", folder, file)


def person(login: str, role: str) -> str:
    return f'[[people]]\nid = "{login}"\nname = "Salma"\nrole = "{role}"\n'


def test_people_in_a_file_come_without_secrets_and_take_nobody_away(unit: Any, folder: Path, tmp_path: Path) -> None:
    audit = Audit(unit.journal, "installer")
    secret = passwords.hash_of("a good password")
    unit.writer.run(lambda conn: people_of.add(conn, audit, "administrator", Details("amal", "Amal", "administrator"), secret, 1))
    said = imported(folder, tmp_path, person("salma", "clerk"))
    assert said.exit_code == 0, said.output
    text = run("export", folder).output
    assert 'id = "amal"' in text
    assert 'id = "salma"' in text
    assert secret not in text
    with unit.reading() as conn:
        assert people_of.check_password(conn, "amal", "a good password") is not None
        for guess in ("", "Salma", "salma"):
            assert people_of.check_password(conn, "salma", guess) is None


def test_a_file_never_leaves_a_site_without_its_last_administrator(unit: Any, folder: Path, tmp_path: Path) -> None:
    audit = Audit(unit.journal, "installer")
    unit.writer.run(lambda conn: people_of.add(conn, audit, "administrator", Details("amal", "Amal", "administrator"), "x", 1))
    for text, sentence in ((person("amal", "clerk"), "last person"), (person("AMAL", "administrator"), "is taken")):
        said = imported(folder, tmp_path, text)
        assert said.exit_code == 1
        assert re.search(r"^Line [12] \(people · amal", said.output, re.MULTILINE | re.IGNORECASE), said.output
        assert sentence in said.output


def test_hours_tickets_and_voice_of_a_file_are_what_the_hall_goes_by(unit: Any, folder: Path, tmp_path: Path) -> None:
    said = imported(
        folder,
        tmp_path,
        '[hours]\nkept = true\n[hours.week]\nmonday = "8h30 – 12:00"\n[[hours.days]]\nday = "2026-11-18"\nname = { fr = "Fête" }\n'
        '[ticket]\nlayout = { qr = false }\nfooter = { fr = "Merci\\nde votre visite" }\n'
        '[voice]\nlanguages = ["zgh"]\nvolume = [{ since = "08:00", level = 40 }]\n[estimates]\nafter_waits = 50\n'
        "[ratings]\nrating_days = 3\n",
    )
    assert said.exit_code == 0, said.output
    with unit.reading() as conn:
        opening = store.opening(conn)
        assert opening.kept
        assert [day_text(day) for day in opening.calendar.week] == ["08:30-12:00", "", "", "", "", "", ""]
        assert not slip.choices(conn).layout.qr
        assert slip.choices(conn).layout.unit
        assert slip.choices(conn).footer == {"fr": "Merci\nde votre visite"}
        assert voice.choices(conn).order("ar") == ["ar", "zgh"]
        assert setup.choice(conn, "estimates_after_waits", 200) == 50
        assert setup.rating_days(conn) == 3


def test_a_fault_in_a_special_day_is_told_with_the_line_of_that_day(folder: Path, tmp_path: Path) -> None:
    days = "".join(f'[[hours.days]]\nday = "2026-11-{day}"\nname = {{ fr = "Fête" }}\n' for day in (18, 19, 18))
    said = imported(folder, tmp_path, "[hours.week]\n" + days)
    assert "Line 9 (hours · days · 2 · day): This day is in the list already." in said.output


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
    assert found == [2, 7, 8, 12, 15, 17]


def test_a_file_of_nonsense_is_refused_with_a_line() -> None:
    for nonsense in ("\x00", "services = 3", "[services]\nid = 1", "services = [1]", "= 1", "[[services]]\nname = 3"):
        with pytest.raises(BadFile) as raised:
            Import(nonsense)
        assert raised.value.faults[0].line >= 1


TOO_MUCH = ["a = " + "[" * 3000, "a = " + "[" * 3000 + "]" * 3000, "a = " + "1" * 5000, 'a = { b = "c", d = ' + "1" * 5000 + " }"]


@pytest.mark.parametrize("nonsense", [*TOO_MUCH, "[[services]]\nid = 0x" + "f" * 5000, "[calling]\ncap_minutes = 0x" + "f" * 5000])
def test_a_file_that_is_made_to_break_its_reader_is_refused_with_its_line(folder: Path, tmp_path: Path, nonsense: str) -> None:
    said = imported(folder, tmp_path, "# first\n" + nonsense)
    assert said.exit_code == 1
    assert re.findall(r"^Line (\d+)", said.output, re.MULTILINE) == [str(nonsense.count("\n") + 2)], said.output[:300]


def test_a_very_long_list_takes_no_longer_than_it_is_long() -> None:
    """Read again from its beginning with each of its lines it would take hours."""
    lines = Lines("a = [\n" + "  'b',\n" * 100_000 + "]\nc = 1")
    assert (lines.of(("a", 99_999)), lines.of(("c",))) == (100_001, 100_003)


def test_a_fault_within_a_list_is_told_with_its_own_line(folder: Path, tmp_path: Path) -> None:
    line, said = faulty_line(folder, tmp_path, 'fr = "Justificatif de domicile"', 'de = "Wohnungsnachweis"')
    assert [int(number) for number in re.findall(r"^Line (\d+)", said, re.MULTILINE)] == [line] * said.count("Line ")
    assert "services · residence · documents · 1" in said


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85"])
def test_lines_are_those_of_an_editor_whatever_signs_a_text_has(sign: str) -> None:
    """Python's own splitlines() ends a line at each of them."""
    assert Lines(f'a = "x{sign}y"\nb = "{sign}"\nc = 1').of(("c",)) == 3


def test_a_file_that_windows_wrote_is_read_by_the_command_too(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "windows.toml"
    file.write_bytes(b"\xef\xbb\xbf" + run("export", folder).output.replace("\n", "\r\n").encode())
    said = run("import", folder, file)
    assert said.exit_code == 0, said.output
    assert "0 changes made" in said.output
