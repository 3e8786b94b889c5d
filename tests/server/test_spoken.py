"""Sentences as sound."""

from __future__ import annotations

import pytest

from server import speech
from server.web.language import in_language


@pytest.mark.parametrize("minutes", ["5", "25"])
def test_minutes_that_are_written_short_in_arabic_are_said_in_full(minutes: str) -> None:
    written = in_language("ar", "about %(minutes)s min", minutes=minutes)
    assert written == f"حوالي {minutes} د"
    assert speech.spoken(written, "ar") == speech.spoken(f"حوالي {minutes} دقيقة", "ar")
    assert speech.spoken("د الباب", "ar") != speech.spoken("دقيقة الباب", "ar")
