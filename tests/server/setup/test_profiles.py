"""The profiles a unit can be made from: each is whole, and in all the languages of the hall."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from server import setup
from server.operations.making import make_unit
from server.settings import STORE_FILE
from server.store import open_store
from server.web.language import in_language

NAMES = ["annexe", "consulat", "hopital", "immatriculation", "parquet", "prison", "surete-nationale", "tribunal"]
ID = re.compile(r"^[a-z0-9][a-z0-9-]*$")
LETTERS = {"ar": "ARABIC ", "zgh": "TIFINAGH ", "fr": "LATIN "}
SYMBOLS = set(
    re.findall(r'<symbol id="([^"]+)"', files("server").joinpath("assets", "icons", "sprite.svg").read_text(encoding="utf-8"))
)

each_profile = pytest.mark.parametrize("profile", NAMES)


def read(profile: str) -> dict[str, Any]:
    return tomllib.loads(files("server").joinpath("profiles", f"{profile}.toml").read_text(encoding="utf-8"))


def texts(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Everything a visitor reads, with where it stands."""
    for service in data["services"]:
        yield f"service {service['id']}", service["name"]
        for number, document in enumerate(service.get("documents", []), 1):
            yield f"service {service['id']}, document {number}", document
    for priority in data["priorities"]:
        yield f"priority {priority['id']}", priority["name"]
    for number, message in enumerate(data["messages"], 1):
        yield f"message {number}", message


def test_the_profiles_are_those_named() -> None:
    assert setup.profiles() == NAMES


@each_profile
def test_it_fills_an_empty_unit(tmp_path: Path, profile: str) -> None:
    data = read(profile)
    make_unit(tmp_path / "unit", profile)
    with closing(open_store(tmp_path / "unit" / STORE_FILE)) as db:
        services = setup.services(db.conn)
        assert [s.id for s in services] == [s["id"] for s in data["services"]]
        assert [s.prefix for s in services] == [s["prefix"] for s in data["services"]]
        assert [s.documents for s in services] == [s.get("documents", []) for s in data["services"]]
        assert list(setup.priorities(db.conn)) == [p["id"] for p in data["priorities"]]
        assert setup.messages(db.conn) == data["messages"]
        assert db.conn.execute("SELECT count(*) FROM counters").fetchone()[0] == data["counters"] > 0


@each_profile
def test_it_has_a_handful_of_services_each_with_an_id_and_a_letter_of_its_own(profile: str) -> None:
    data = read(profile)
    ids, prefixes = [s["id"] for s in data["services"]], [s["prefix"] for s in data["services"]]
    assert 5 <= len(ids) <= 8
    assert len(set(ids)) == len(ids)
    assert len(set(prefixes)) == len(prefixes)
    assert all(re.fullmatch("[A-Z]", prefix) for prefix in prefixes)
    assert all(ID.match(id) for id in [*ids, *(p["id"] for p in data["priorities"])])
    assert all(5 <= s["target_minutes"] <= 60 for s in data["services"])


@each_profile
def test_its_priorities_are_those_of_the_annexe(profile: str) -> None:
    ours, annexe = read(profile)["priorities"], read("annexe")["priorities"]
    assert ours[: len(annexe)] == annexe
    assert {p["id"] for p in ours[len(annexe) :]} <= {"appointment"}


@each_profile
def test_every_icon_is_drawn(profile: str) -> None:
    assert {s["icon"] for s in read(profile)["services"]} <= SYMBOLS


@each_profile
def test_every_text_is_there_in_each_language_and_its_letters(profile: str) -> None:
    for where, text in texts(read(profile)):
        assert set(text) == set(LETTERS), where
        for language, script in LETTERS.items():
            letters = [c for c in text[language] if c.isalpha()]
            assert letters, f"{where}: nothing in {language}"
            foreign = [c for c in letters if not unicodedata.name(c, "").startswith(script)]
            assert not foreign, f"{where}: {foreign} in {language}"
            assert text[language] == text[language].strip() == unicodedata.normalize("NFC", text[language]), where
        assert all("\u2d30" <= c <= "\u2d7f" for c in text["zgh"] if c.isalpha()), where


def test_a_number_to_call_reads_left_to_right_in_arabic() -> None:
    """Groups of digits are shown in reverse order in a right-to-left line, unless a mark goes before them."""
    for profile in NAMES:
        for message in read(profile)["messages"]:
            if "+" in message["ar"]:
                assert "\u200e+" in message["ar"], profile


def test_every_icon_of_a_profile_is_one_that_screens_draw() -> None:
    script = files("server").joinpath("assets", "js", "icons.js").read_text(encoding="utf-8")
    drawn = set(re.findall(r'"([a-z-]+)"', script))
    assert {service["icon"] for name in NAMES for service in read(name)["services"]} <= drawn


@each_profile
@pytest.mark.parametrize("lang", ["zgh", "fr"])
def test_the_notice_names_all_three_that_can_be_said_in_every_language(profile: str, lang: str) -> None:
    kinds = in_language(lang, "Complaint, observation or suggestion")
    assert any(message[lang].startswith(kinds) for message in read(profile)["messages"])
