"""A printer's sentences are told in the reader's language: every one of them, and what stands within it."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict

from manager import slip_form
from printers.status import PrinterStatus
from printers.told import Says, Told, told
from server.operations.doctor import devices
from server.printing.telling import as_text, from_text, in_words
from server.setup.slip import SlipChoices
from server.web.language import CITIZEN_LANGUAGES

ADDRESS = "192.0.2.10:9100"
REASON = told(Says.NO_ANSWER, place=ADDRESS, why=Told(Says.REFUSED))


@pytest.mark.parametrize("language", CITIZEN_LANGUAGES)
@pytest.mark.parametrize("says", Says)
def test_no_sentence_is_left_in_english(says: Says, language: str) -> None:
    params: dict[str, Any] = dict.fromkeys(re.findall(r"%\((\w+)\)s", says.value), ADDRESS)
    sentence = told(says, **params)
    written = in_words(language, sentence)
    assert written != in_words("en", sentence)
    assert written.count(ADDRESS) == len(params)
    assert "%" not in written


def test_a_sentence_within_a_sentence_is_translated_too() -> None:
    assert "connexion refusée" in in_words("fr", told(Says.FAULT_MEANWHILE, status=REASON))
    assert in_words("ar", "Device or resource busy") == "Device or resource busy", "a system's own text is as it came"


@pytest.mark.parametrize("kept", [None, "", REASON, "a sentence of an earlier version"])
def test_what_is_kept_with_a_delivery_is_read_again(kept: Any) -> None:
    expected = kept.to_json() if isinstance(kept, Told) else kept or None
    assert from_text(as_text(kept)) == expected
    assert json.dumps(expected)


def test_what_the_state_says_already_is_not_said_twice() -> None:
    assert devices.of_printer("hall-1", PrinterStatus("paper-out", Told(Says.NO_PAPER))).detail == ""
    assert devices.of_printer("hall-1", PrinterStatus("offline", REASON)).detail == REASON


def test_why_a_logo_is_refused_is_told_too() -> None:
    file = io.BytesIO()
    Image.new("L", (60, 60), 250).save(file, format="PNG")
    file.seek(0)
    (fault,) = slip_form.read(MultiDict(), FileStorage(file, "logo.png"), SlipChoices()).faults
    assert "plus foncé" in fault.told("fr")["detail"]
    assert fault.told("ar")["detail"] != fault.told("en")["detail"]
