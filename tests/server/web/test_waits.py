"""An estimated wait in words, and numbers that stay beside their units."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from server.web.language import CATALOGS, in_language
from server.web.waits import ABOUT_WITH_RANGE, AT_MOST, written_estimate

CITIZENS = ("ar", "zgh", "fr")
UNIT = re.compile(r"(?:%\(\w+\)s|\d) (?:s|min|h|mm|m|MB|KB|Mo|Ko|د|ث|ثانية|دقيقة|مم|ميغابايت|كيلوبايت|ⵜⵓⵙⴷ|ⵜⵙⵏ|ⵎⵎ|ⵎⵖⴱ)(?![\w’])")
"""A number, a space that may break, and its unit."""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "environ 5\u00a0min, en général 10 au plus"),
        ("ar", "حوالي 5\u00a0د، وعادة 10 على الأكثر"),
        ("zgh", "ⴰⵣⴰⵍ ⵏ 5\u00a0ⵜⵓⵙⴷ., ⵙ ⵓⵎⴰⵜⴰ ⴰⵔ 10"),
    ],
)
def test_a_range_from_nothing_is_told_by_its_end_alone(language: str, words: str) -> None:
    assert written_estimate({"seconds": 300, "low": 0, "high": 600}, language) == words
    assert in_language(language, AT_MOST, minutes=5, low=0, high=10) in words


@pytest.mark.parametrize("language", CITIZENS)
def test_another_range_is_told_from_end_to_end(language: str) -> None:
    told = written_estimate({"seconds": 300, "low": 60, "high": 600}, language)
    assert told == in_language(language, ABOUT_WITH_RANGE, minutes=5, low=1, high=10)


@pytest.mark.parametrize("language", CITIZENS)
def test_no_line_ends_between_a_number_and_its_unit(language: str) -> None:
    with (CATALOGS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalog = read_po(file)
    texts = [text for message in catalog for text in ([message.string] if isinstance(message.string, str) else message.string)]
    assert len(texts) > 1000
    assert [text for text in texts if UNIT.search(text)] == []
