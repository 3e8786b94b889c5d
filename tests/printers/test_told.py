"""A printer's sentences: English as they stand, and data from which whoever shows them can translate them."""

from __future__ import annotations

import pytest

from printers.errors import PrinterUnreachable
from printers.told import Says, Told, told

REASON = told(Says.NO_ANSWER, place="192.0.2.10:9100", why=Told(Says.REFUSED))


def test_it_is_english_with_its_places_filled() -> None:
    sentence = "No printer answers at 192.0.2.10:9100 (connection refused)."
    assert str(REASON) == sentence
    assert str(told(Says.FAULT_MEANWHILE, status=REASON)) == f"While the ticket was printed: {sentence}"
    assert str(PrinterUnreachable(REASON)) == sentence
    assert PrinterUnreachable(REASON).told == REASON


@pytest.mark.parametrize("sentence", [REASON, told(Says.FAULT_MEANWHILE, status=REASON), Told(Says.NO_PAPER)])
def test_it_goes_through_data_and_back(sentence: Told) -> None:
    assert Told.from_json(sentence.to_json()) == sentence


@pytest.mark.parametrize("data", [{}, {"kind": "unheard-of"}, {"kind": 3}, {"kind": "no-answer", "params": {"why": {"kind": "x"}}}])
def test_what_is_no_sentence_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no sentence"):
        Told.from_json(data)
