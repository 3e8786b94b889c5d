"""What the display is told to say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from server import settings
from server.editing.voice import Voice
from server.lifecycle import Action
from server.operations.doctor import examine
from server.setup.voice import Loudness, VoiceChoices, choices
from server.unit import Unit
from server.visits import Order
from server.voice import clips
from server.voice.choices import ask_for_test
from server.voice.clips import PACKAGED, Library, manifest
from server.voice.speech import Speech
from tests.conftest import CLERK, KIOSK, ToldClock
from tests.server.setup.forms import keep_only


@pytest.fixture
def speech(unit: Unit) -> Speech:
    return Speech(Library(unit.folder), unit.settings.unit.zone)


def shown(unit: Unit, speech: Speech) -> dict[str, Any]:
    with unit.reading() as conn:
        return speech.on_display(conn, unit.now(), unit.hall.board(conn, unit.now()))


def call(unit: Unit, language: str) -> None:
    unit.visits.issue(Order("etat-civil", language), KIOSK)
    unit.visits.desk(4, "open", CLERK)
    unit.visits.call_next(4, CLERK)


def choose(unit: Unit, **changed: Any) -> None:
    keep_only(unit, Voice.of(VoiceChoices(**changed)))


def test_a_call_is_said_in_the_visitors_language_first_then_in_the_halls(unit: Unit, speech: Speech) -> None:
    call(unit, "zgh")
    (said,) = shown(unit, speech)["calls"]
    assert [one["language"] for one in said["speech"]] == ["zgh", "ar", "fr"]
    ticket, counter = said["speech"][1]["parts"]
    assert [address.split("?")[0].removeprefix("/display/clips/ar/") for address in ticket] == ["ticket", "letter-a", "n-1"]
    assert [address.split("?")[0].removeprefix("/display/clips/ar/") for address in counter] == ["counter", "n-4"]


def test_the_hall_decides_which_languages_and_in_which_order(unit: Unit, speech: Speech) -> None:
    choose(unit, languages=("fr", "ar"), visitor_first=False)
    call(unit, "zgh")
    (said,) = shown(unit, speech)["calls"]
    assert [one["language"] for one in said["speech"]] == ["fr", "ar"]


def test_a_language_that_lacks_a_clip_is_left_out_whole(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library(unit.folder)
    call(unit, "ar")
    find = library.find
    monkeypatch.setattr(library, "find", lambda name: None if name == "ar/n-4" else find(name))
    (said,) = shown(unit, Speech(library, unit.settings.unit.zone))["calls"]
    assert [one["language"] for one in said["speech"]] == ["fr"]
    monkeypatch.setattr(library, "find", lambda name: find(name) if name == "chime" else None)
    monkeypatch.setattr(library, "changes", 1)
    snapshot = shown(unit, Speech(library, unit.settings.unit.zone))
    assert snapshot["calls"][0]["speech"] == []
    assert snapshot["voice"]["chime"].startswith("/display/clips/chime?")


def test_old_calls_are_shown_without_a_voice(unit: Unit, speech: Speech, clock: ToldClock) -> None:
    call(unit, "ar")
    clock.pass_by(121)
    assert shown(unit, speech)["calls"][0]["speech"] == []
    unit.visits.at_counter(4, Action.RECALL, CLERK)
    assert shown(unit, speech)["calls"][0]["speech"] != []


def test_the_volume_follows_the_hour_of_the_day(unit: Unit, speech: Speech, clock: ToldClock) -> None:
    choose(unit, volume=(Loudness("13:00", 40), Loudness("08:00", 90), Loudness("18:00", 0)))
    assert shown(unit, speech)["voice"]["volume"] == 0.9  # 9 o'clock
    clock.pass_by(4 * 3600)
    assert shown(unit, speech)["voice"]["volume"] == 0.4
    clock.pass_by(18 * 3600)
    assert shown(unit, speech)["voice"]["volume"] == 0  # 7 in the morning: still what 18:00 said


def test_what_is_decided_is_in_the_journal(unit: Unit) -> None:
    choose(unit, repeats=2)
    with unit.reading() as conn:
        data = conn.execute("SELECT data FROM events WHERE type = 'setup_changed'").fetchone()[0]
        assert choices(conn).repeats == 2
    assert '"what":"voice","id":"voice"' in data
    assert '"repeats":1' in data
    assert '"repeats":2' in data


def test_a_test_call_is_told_for_a_quarter_of_a_minute(unit: Unit, speech: Speech, clock: ToldClock) -> None:
    unit.writer.run(lambda conn: ask_for_test(conn, unit.journal, "person:9", "A042", 3, ["fr"]))
    test = shown(unit, speech)["voice"]["test"]
    assert [one["language"] for one in test["speech"]] == ["fr"]
    assert shown(unit, speech)["calls"] == []
    clock.pass_by(16)
    assert shown(unit, speech)["voice"]["test"] is None


def test_the_sites_recording_comes_before_the_packaged_one_and_survives_a_restart(tmp_path: Path) -> None:
    library = Library(tmp_path)
    packaged = library.find("ar/n-4")
    assert packaged is not None
    library.keep("ar/n-4", (PACKAGED / "ar" / "n-5.ogg").read_bytes())
    for opened in (library, Library(tmp_path)):
        found = opened.find("ar/n-4")
        assert found is not None
        assert found.source == "site"
        assert found.address != packaged.address
    assert library.forget("ar/n-4")
    assert not library.forget("ar/n-4")
    assert library.find("ar/n-4") == packaged


def test_the_doctor_says_which_clips_a_language_lacks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def sentences() -> list[str]:
        return [finding.told("en")[0] for finding in examine(folder, settings.load(folder)) if "voice" in finding.message]

    assert sentences()[1] == "The voice speaks Amazigh: 0 of 254 clips recorded here, the rest come with Istiqbal."
    only = {name: entry for name, entry in manifest().items() if name not in ("zgh/n-4", "zgh/letter-b")}
    monkeypatch.setattr(clips, "manifest", lambda: only)
    assert sentences()[1] == "The voice lacks 2 clips in Amazigh: letter-b, n-4."


def test_a_new_recording_is_said_from_the_next_snapshot_on(unit: Unit) -> None:
    library = Library(unit.folder)
    speech = Speech(library, unit.settings.unit.zone)
    call(unit, "ar")
    before = shown(unit, speech)["calls"][0]["speech"]
    library.keep("ar/n-4", (PACKAGED / "ar" / "n-5.ogg").read_bytes())
    after = shown(unit, speech)["calls"][0]["speech"]
    assert before[0]["parts"][0] == after[0]["parts"][0]
    assert before[0]["parts"][1] != after[0]["parts"][1]
    library.forget("ar/n-4")
    assert shown(unit, speech)["calls"][0]["speech"] == before
