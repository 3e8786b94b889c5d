"""Numbers as people say them."""

from __future__ import annotations

import pytest

from server.setup.voice import LANGUAGES
from server.voice.clips import PACKAGED, Library, manifest
from server.voice.numbers import LARGEST, words
from server.voice.phrases import said_call, said_number, said_ticket, texts

FRENCH = {
    0: "zéro", 16: "seize", 17: "dix-sept", 21: "vingt et un", 61: "soixante et un", 70: "soixante-dix", 71: "soixante et onze",
    72: "soixante-douze", 80: "quatre-vingts", 81: "quatre-vingt-un", 90: "quatre-vingt-dix", 91: "quatre-vingt-onze",
    99: "quatre-vingt-dix-neuf", 100: "cent", 101: "cent un", 200: "deux cents", 242: "deux cent quarante-deux", 1000: "mille",
    1971: "mille neuf cent soixante et onze", 2080: "deux mille quatre-vingts",
}  # fmt: skip
ARABIC = {
    0: "صفر", 1: "واحد", 2: "اثنان", 3: "ثلاثة", 10: "عشرة", 11: "أحد عشر", 12: "اثنا عشر", 13: "ثلاثة عشر", 20: "عشرون",
    21: "واحد وعشرون", 42: "اثنان وأربعون", 99: "تسعة وتسعون", 100: "مئة", 103: "مئة وثلاثة", 200: "مئتان", 800: "ثمانمئة",
    322: "ثلاثمئة واثنان وعشرون", 1000: "ألف", 2000: "ألفان", 3111: "ثلاثة آلاف ومئة وأحد عشر",
}  # fmt: skip
ARABIC_FEMININE = {
    1: "واحدة", 2: "اثنتان", 3: "ثلاث", 10: "عشر", 11: "إحدى عشرة", 12: "اثنتا عشرة", 18: "ثماني عشرة", 21: "إحدى وعشرون",
    300: "ثلاثمئة",
}  # fmt: skip
AMAZIGH = {
    0: "ⴰⵎⵢⴰ", 3: "ⴽⵕⴰⴹ", 10: "ⵎⵔⴰⵡ", 11: "ⵢⴰⵏ ⴷ ⵎⵔⴰⵡ", 20: "ⵙⵉⵎⵔⴰⵡ", 42: "ⴽⴽⵓⵎⵔⴰⵡ ⴷ ⵙⵉⵏ", 100: "ⵜⵉⵎⵉⴹⵉ",
    142: "ⵜⵉⵎⵉⴹⵉ ⴷ ⴽⴽⵓⵎⵔⴰⵡ ⴷ ⵙⵉⵏ", 200: "ⵙⵏⴰⵜ ⵜⵎⴰⴹ", 1000: "ⵉⴼⴹ", 2001: "ⵙⵉⵏ ⵉⴼⴹⴰⵏ ⴷ ⵢⴰⵏ",
}  # fmt: skip


def bare(text: str) -> str:
    """Arabic without its vowels."""
    return "".join(letter for letter in text if not "\u064b" <= letter <= "\u0652")


def test_french_counts_as_in_morocco_and_france() -> None:
    assert {number: words("fr", number) for number in FRENCH} == FRENCH


def test_arabic_puts_units_before_tens_and_turns_the_ending_round() -> None:
    assert {number: bare(words("ar", number)) for number in ARABIC} == ARABIC
    assert {number: bare(words("ar", number, "f")) for number in ARABIC_FEMININE} == ARABIC_FEMININE


def test_amazigh_counts_by_the_standard() -> None:
    assert {number: words("zgh", number) for number in AMAZIGH} == AMAZIGH


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_a_ticket_is_made_of_clips_that_are_there_and_says_what_its_words_say(language: str) -> None:
    said = texts(language)
    for number in range(LARGEST + 1):
        clips = said_number(language, number)
        assert all(f"{language}/{clip}" in manifest() for clip in clips)
        spoken = " ".join(said[clip] for clip in clips)
        assert (spoken.replace("cents ", "cent ") if language == "fr" else spoken) == words(language, number)


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_what_is_no_number_of_a_ticket_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="not between"):
        said_number("ar", number)


def test_a_ticket_is_its_letter_and_its_number_without_leading_zeros() -> None:
    assert said_call("ar", "A042", 4) == (("ticket", "letter-a", "n-42"), ("counter", "n-4"))
    assert said_ticket("ar", "B1142") == ("ticket", "letter-b", "n-1000", "and-100", "and-42")
    assert said_ticket("fr", "B1142") == ("ticket", "letter-b", "n-1000", "n-100", "n-42")
    assert said_ticket("zgh", "007") == ("ticket", "n-7")
    with pytest.raises(ValueError, match="letters and a number"):
        said_ticket("ar", "ⵣ12")


def test_every_clip_that_can_be_said_is_packaged_and_none_that_can_not() -> None:
    expected = {f"{language}/{clip}" for language in LANGUAGES for clip in texts(language)} | {"chime"}
    assert set(manifest()) == expected
    assert {path.relative_to(PACKAGED).with_suffix("").as_posix() for path in PACKAGED.rglob("*.ogg")} == expected


def test_the_manifest_says_the_texts_that_the_clips_were_made_from() -> None:
    """Fails when a wording was changed and the clips were not built again."""
    for language in LANGUAGES:
        assert {clip: manifest()[f"{language}/{clip}"]["text"] for clip in texts(language)} == texts(language)


def test_all_clips_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in PACKAGED.rglob("*")) < 2_000_000


def test_a_unit_without_recordings_has_every_language() -> None:
    library = Library(PACKAGED / "no-such-unit")
    assert [library.missing(language) for language in LANGUAGES] == [[], [], []]
