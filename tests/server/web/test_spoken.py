"""Sentences as sound."""

from __future__ import annotations

import pytest

from server import speech
from server.web.language import in_language
from tests.programs import Program


@pytest.mark.parametrize("minutes", ["5", "25"])
def test_minutes_that_are_written_short_in_arabic_are_said_in_full(minutes: str) -> None:
    written = in_language("ar", "about %(minutes)s min", minutes=minutes)
    assert written == f"حوالي {minutes}\u00a0د"
    assert speech.spoken(written, "ar") == speech.spoken(f"حوالي {minutes} دقيقة", "ar")
    assert speech.spoken(written.replace("\u00a0", " "), "ar") == speech.spoken(written, "ar"), "as the kiosk sends it"
    assert speech.spoken("د الباب", "ar") != speech.spoken("دقيقة الباب", "ar")


def test_what_stands_on_a_kiosk_is_said_to_it_and_nothing_of_it_is_kept(callers: dict[str, Program]) -> None:
    kept = speech.spoken.cache_info().currsize
    answer = callers["kiosk"].post("/kiosk/say/fr", {"text": "Référence A, B, C"})
    assert (answer.status_code, answer.data[:4], answer.headers["Cache-Control"]) == (200, b"RIFF", "no-store")
    assert speech.spoken.cache_info().currsize == kept


@pytest.mark.parametrize("body", [None, [], {}, {"text": ""}, {"text": " "}, {"text": 7}])
def test_nothing_is_no_text(callers: dict[str, Program], body: object) -> None:
    assert callers["kiosk"].post("/kiosk/say/fr", body).status_code == 404
    assert callers["kiosk"].post("/kiosk/say/xx", {"text": "a"}).status_code == 404


def test_half_a_letter_is_no_fault(callers: dict[str, Program]) -> None:
    assert callers["kiosk"].post("/kiosk/say/ar", {"text": "\ud83d [[ x"}).status_code == 200
