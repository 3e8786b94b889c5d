"""The set-up as one TOML file: what is written is read again alike; a fault changes nothing and is told with its line."""

from __future__ import annotations

import base64
import io
import re
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from server import editing, setup
from server.access import passwords
from server.access import people as people_of
from server.access.audit import Audit
from server.access.people import Details
from server.cli import main
from server.editing import SetUp
from server.editing.devices import Display, Kiosk, ScreenReading
from server.editing.file import BadFile, Import, written
from server.editing.hall import Notice, Outcome, ParkReason, PauseReason, Priority
from server.editing.hours import Hours
from server.editing.lines import Lines
from server.editing.people import Person
from server.editing.rules import Calling, Estimates, Numbers, Ratings, Reports
from server.editing.services import Service, icons
from server.editing.ticket import PARTS, Ticket
from server.editing.voice import Voice
from server.editing.watching import AlertRules
from server.editing.work_profiles import Counter, WorkProfile
from server.journal import Journal
from server.opening import store
from server.opening.writing import day_text
from server.operations.making import make_unit
from server.setup import slip, voice
from server.store.database import migrate
from server.visits import Order
from tests.conftest import KIOSK, MANAGER, ToldClock

LETTERS, DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"


def logo() -> str:
    out = io.BytesIO()
    Image.new("1", (40, 20)).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


ids = st.builds(str.__add__, st.sampled_from(LETTERS + DIGITS), st.text(LETTERS + DIGITS + "-", max_size=10))
word = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=39)
line = st.builds("{} {}".format, word, word)
texts = st.fixed_dictionaries({"ar": line, "fr": line}, optional={"zgh": line})


spans = st.sampled_from(["", "08:30-12:00", "08:30-12:00, 14:00-16:30", "00:00-24:00"])
weeks = st.dictionaries(st.sampled_from(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]), spans)
dates = st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(date.isoformat)
some_names = st.dictionaries(st.sampled_from(["ar", "zgh", "fr"]), line, min_size=1)
footers = st.lists(line, max_size=3).map("\n".join)


@st.composite
def hours(draw: Any, services: list[str]) -> dict[str, Any]:
    first, last = draw(st.sampled_from([("2026-02-18", "2026-03-19"), ("2027-07-01", "2027-08-31")]))
    seasons = [{"first": first, "last": last, "name": draw(some_names), "week": draw(weeks)}]
    own = st.one_of(st.just({"always": True}), st.fixed_dictionaries({"week": weeks}))
    return {
        "kept": draw(st.booleans()), "week": draw(weeks), "seasons": seasons[: draw(st.integers(0, 1))],
        "days": [{"day": day, "name": draw(some_names), "hours": draw(spans)} for day in draw(st.sets(dates, max_size=3))],
        "services": draw(st.dictionaries(st.sampled_from(services), own, max_size=2)),
        "turn_away": {"on": draw(st.booleans()), "margin_minutes": draw(st.integers(0, 240))},
        "day_end": draw(st.sampled_from([{}, {"at": "18:30"}, {"minutes_after_closing": 0}])),
    }  # fmt: skip


@st.composite
def tickets(draw: Any) -> dict[str, Any]:
    return {
        "layout": draw(st.dictionaries(st.sampled_from(PARTS), st.booleans())),
        "footer": draw(st.dictionaries(st.sampled_from(["ar", "zgh", "fr"]), footers)),
        "logo": draw(st.sampled_from(["", logo()])),
    }


@st.composite
def voices(draw: Any) -> dict[str, Any]:
    since = draw(st.lists(st.sampled_from(["00:00", "08:30", "23:59"]), min_size=1, unique=True))
    return {
        "languages": draw(st.lists(st.sampled_from(["ar", "zgh", "fr"]), unique=True)), "visitor_first": draw(st.booleans()),
        "repeats": draw(st.integers(1, 3)), "volume": [{"since": one, "level": draw(st.integers(0, 100))} for one in since],
    }  # fmt: skip


@st.composite
def people(draw: Any) -> list[dict[str, Any]]:
    return [
        {"id": login, "name": draw(line), "role": draw(st.sampled_from(["clerk", "manager", "administrator"])),
         "languages": draw(st.lists(st.sampled_from(["ar", "zgh", "fr"]), unique=True))}
        for login in draw(st.lists(ids, max_size=3, unique=True).map(sorted))
    ]  # fmt: skip


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
            **draw(st.dictionaries(st.sampled_from(["sentence", "fees", "delay", "steps", "heading"]), texts)),
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
        "estimates": (Estimates, [{"after_waits": draw(st.integers(20, 5000))}]),
        "ratings": (Ratings, [{"rating_days": draw(st.integers(1, 90))}]),
        "alerts": (AlertRules, [{"waiting": draw(st.integers(0, 9999)), "waiting_for": dict.fromkeys(names[:1], 7)}]),
        "hours": (Hours, [draw(hours(names))]),
        "ticket": (Ticket, [draw(tickets())]),
        "voice": (Voice, [draw(voices())]),
        "reports": (Reports, [{"clerk_figures": draw(st.booleans()), "keep_rows_days": draw(st.sampled_from([None, 31, 400]))}]),
        "people": (Person, draw(people())),
        "readings": (ScreenReading, [{"id": "d 1", "distance_m": draw(st.floats(1, 40)), "diagonal_in": 43}]),
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
    assert found == [2, 7, 8, 10, 15, 17]


def test_a_file_of_nonsense_is_refused_with_a_line() -> None:
    for nonsense in ("\x00", "services = 3", "[services]\nid = 1", "services = [1]", "= 1", "[[services]]\nname = 3"):
        with pytest.raises(BadFile) as raised:
            Import(nonsense)
        assert raised.value.faults[0].line >= 1
