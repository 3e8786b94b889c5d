"""The four languages: which one a reader gets, and that every sentence is there in each."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib import import_module

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from server.errors import IllegalTransition
from server.reports.figures.legs import OUTCOMES
from server.web import language
from server.web.language import (
    CATALOGS,
    CITIZEN_LANGUAGES,
    in_language,
    normalise,
    offsets,
    written_datetime,
    written_number,
    written_share,
    written_time,
)

JUNE = datetime(2025, 6, 3, 13, 5, tzinfo=UTC)
CASABLANCA = "Africa/Casablanca"


@pytest.mark.parametrize(
    ("tag", "code"),
    [("ar-MA", "ar"), ("ar", "ar"), ("FR_fr", "fr"), ("tzm-Tfng", "zgh"), ("zgh", "zgh"), ("de", None), ("", None), (None, None)],
)
def test_a_tag_becomes_one_of_our_languages(tag: str | None, code: str | None) -> None:
    assert normalise(tag) == code


@pytest.mark.parametrize("lang", CITIZEN_LANGUAGES)
def test_every_sentence_is_written_with_the_same_places(lang: str) -> None:
    with (CATALOGS / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalog = read_po(file, locale=lang)
    for message in catalog:
        if message.id:
            sentence, written = str(message.id), str(message.string)
            assert written, sentence
            assert set(re.findall(r"%\(\w+\)s", sentence)) == set(re.findall(r"%\(\w+\)s", written)), sentence


def extracted() -> set[str]:
    """Every sentence that the code marks for translation, as `make messages` finds them."""
    top = CATALOGS.parent.parent
    methods = [tuple(line.strip("[]").split(": ")) for line in (CATALOGS / "babel.cfg").read_text().splitlines() if line]
    keywords = {**DEFAULT_KEYWORDS, "N_": None, "in_language": (2,)}
    found = extract_from_dir(top, [(pattern, method) for method, pattern in methods], keywords=keywords)
    return {str(message) for _, _, message, _, _ in found if message}


@pytest.mark.parametrize("lang", CITIZEN_LANGUAGES)
def test_the_catalog_has_just_the_sentences_of_the_code(lang: str) -> None:
    with (CATALOGS / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalog = read_po(file, locale=lang)
    assert {str(message.id) for message in catalog if message.id} == extracted(), "run: make messages"
    assert not [message.id for message in catalog if message.fuzzy and message.id]


@pytest.mark.parametrize("lang", CITIZEN_LANGUAGES)
def test_the_compiled_catalog_is_that_of_the_text(lang: str) -> None:
    with (CATALOGS / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalog = read_po(file, locale=lang)
    assert all(in_language(lang, str(message.id)) == message.string for message in catalog if message.id)


def test_no_line_of_french_begins_with_a_question_mark() -> None:
    """What belongs to the word before it, or to the one in quotation marks, is kept there by a space that does not break."""
    with (CATALOGS / "fr" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalog = read_po(file, locale="fr")
    assert [message.string for message in catalog if re.search("« | »| [?!;](?!\\w)", str(message.string))] == []


# Words that stood beside another for the same thing, and forms that speak to one man alone.
GONE = {
    "zgh": "ⵏⵏⴽ|ⵏⵉⵖ|ⵜⴰ?ⵎⵔⵉⵔⵜ|ⵜⴰ?ⵙⴷⵉⵜ|ⵜⴰ?ⵙⵎⵔⵔⴰⵢⵜ|ⵜⵙⵎⵔⵔⴰⵢⵉⵏ|ⵜⵙⵙⵉⵡⴹⴷ",
    "fr": "^Plus de tickets|mobilité réduite|fficheur|^Issues|mêmes jours|préférence|par personnes",
    "ar": "اً|ءً|هذا الموقع|مجددا|تأكدوا|انظروا|أضيفو|نفذوا|أوقفوا|انسخوه|أخبروا|تجدونه",
}


def said_to_readers(lang: str) -> list[str]:
    """Every sentence of a language's catalog and of the profiles that come with the server."""
    with (CATALOGS / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        written = [str(message.string) for message in read_po(file, locale=lang) if message.id]
    profiles = (CATALOGS.parent / "profiles").glob("*.toml")
    return written + [sentence for path in profiles for sentence in re.findall(rf'\b{lang} = "([^"]*)"', path.read_text())]


@pytest.mark.parametrize("lang", GONE)
def test_one_thing_is_said_with_one_word(lang: str) -> None:
    assert [sentence for sentence in said_to_readers(lang) if re.search(GONE[lang], sentence)] == []


def test_french_has_its_own_apostrophe() -> None:
    """That of typewriters stands beside the other on one screen otherwise; in commands and settings it belongs."""
    with (CATALOGS / "fr" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        said = [str(message.string) for message in read_po(file, locale="fr") if message.id]
    assert [sentence for sentence in said if re.search(r"\w'\w", sentence)] == []


def test_in_arabic_no_latin_word_stands_before_what_is_filled_in() -> None:
    """“SQLite 3.53.4” would be read “3.53.4 SQLite”: what is filled in is kept to itself, and the sentence goes on to its left."""
    with (CATALOGS / "ar" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        said = [str(message.string) for message in read_po(file, locale="ar") if message.id]
    assert [sentence for sentence in said if re.search(r"[A-Za-z] %\(version\)", sentence)] == []
    assert any("%(version)s" in sentence for sentence in said)


def test_amazigh_writes_its_neutral_vowel_only_where_three_alike_would_meet() -> None:
    """IRCAM's spelling: ⵜⴻⵜⵜⵡⴰⴽⴼⴰ and ⴰⵣⵎⵎⴻⵎ, and nowhere else."""
    said = said_to_readers("zgh")
    assert [sentence for sentence in said if "ⴻ" in re.sub(r"(\w)ⴻ(?=\1\1)|(\w)\2ⴻ(?=\2)", "", sentence)] == []
    assert [sentence for sentence in said if re.search(r"([ⴰ-ⵥ])\1\1", sentence)] == []


def test_nobody_in_this_office_is_not_nobody_in_the_administration() -> None:
    """A sealed complaint is read by the administration concerned: another word names this office."""
    told = "Your words are sealed at once: nobody in this office can read them, only the administration concerned."
    here, there = in_language("zgh", told).split(", ")
    assert "ⵏⴱⴰⴹⵜ" not in here
    assert "ⵏⴱⴰⴹⵜ" in there
    assert "ⵏⴱⴰⴹⵜ" in in_language("zgh", "With the administration concerned")


def test_who_did_not_come_is_counted_in_the_plural() -> None:
    """“Absents 80” at the head of a report, “Absent” in the line of one visitor."""
    (head,) = [figure.words for figure in OUTCOMES.figures if figure.name == "no_shows"]
    assert (in_language("fr", head), in_language("ar", head)) == ("Absents", "الغائبون")
    assert in_language("fr", "Absent") == "Absent"


def test_the_style_guide_says_only_what_is_translated() -> None:
    """It says the screens' sentences in each language, by a call that is not extracted."""
    guide = (CATALOGS.parent / "web" / "templates" / "styleguide.html").read_text()
    said = set(re.findall(r'say\("([^"]+)"', guide))
    assert len(said) > 10
    assert said - extracted() == set()


def test_months_are_those_of_morocco_and_digits_are_latin() -> None:
    august = datetime(2025, 8, 3, 13, 5, tzinfo=UTC)
    assert written_datetime(august, "ar", CASABLANCA) == "3 غشت 2025، 14:05"
    assert written_datetime(JUNE, "zgh", CASABLANCA) == "3 ⵢⵓⵏⵢⵓ 2025, 14:05"
    assert written_datetime(JUNE, "fr", CASABLANCA) == "3 juin 2025, 14:05"
    assert written_time(JUNE, "ar", CASABLANCA) == "14:05"


def test_states_and_actions_inside_a_sentence_are_translated_too() -> None:
    sentence = in_language("fr", IllegalTransition.message, action="finish", state="called")
    assert "terminer" in sentence
    assert "appelé" in sentence


def test_an_unknown_language_reads_arabic() -> None:
    assert in_language("xx", "Finish") == in_language("ar", "Finish")


def test_the_clock_of_a_screen_knows_the_changes_to_come() -> None:
    paris = offsets("Europe/Paris", datetime(2025, 1, 10, tzinfo=UTC))
    assert [seconds for _, seconds in paris[:3]] == [3600, 7200, 3600]
    assert datetime.fromtimestamp(paris[1][0], UTC) == datetime(2025, 3, 30, 1, tzinfo=UTC)


def test_a_calendar_begins_on_monday_and_in_january() -> None:
    fr = language.calendar("fr")
    assert (fr["days"][0], fr["months"][0]) == ("lundi", "janvier")


ROOMS = ("kiosk", "display", "counter", "manager")
BEGINS = re.compile(r"[`\"'/]([a-z_-]+_)(?:\$?\{|\"|'|`)")
ENDS = re.compile(r"\}(_[a-z_]+)[`\"']")


@pytest.mark.parametrize("room", ROOMS)
def test_no_screen_has_a_word_that_it_never_says(room: str) -> None:
    """Each key of a screen's words is written in its scripts, or begins or ends as one that they compose (`state_${…}`)."""
    top = CATALOGS.parent.parent
    words = import_module(f"{room}.words").WORDS
    files = [*(top / room).rglob("*.js"), *(top / room).rglob("*.html"), *(top / "server" / "assets" / "js").glob("*.js")]
    files += [file for part in (room, "server/feedback") for file in (top / part).glob("*.py") if file.name != "words.py"]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    begins, ends = tuple(set(BEGINS.findall(text))), tuple(set(ENDS.findall(text)))
    silent = [key for key in words if not key.startswith(begins) and not key.endswith(ends)]
    assert [key for key in silent if not re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", text)] == []


@pytest.mark.parametrize("lang", CITIZEN_LANGUAGES)
def test_a_number_has_a_decimal_comma_and_a_true_minus(lang: str) -> None:
    assert written_number(2.9, lang, 2) == "2,90"
    assert written_number(-0.5, lang, 1, signed=True) == "−0,5"
    assert written_number(0.5, lang, 1, signed=True) == "+0,5"
    assert [written_number(little, lang, 1, signed=True) for little in (-0.04, 0, 0.04)] == ["0,0"] * 3
    assert written_share(0.835, lang, 1) == "83,5\N{NARROW NO-BREAK SPACE}%"
    assert written_share(0.83, lang, 1) == "83\N{NARROW NO-BREAK SPACE}%"
    assert written_share(0.83, lang, 1, even=True) == "83,0\N{NARROW NO-BREAK SPACE}%"


@pytest.mark.parametrize(("lang", "written"), [("ar", "12.345"), ("zgh", "12\xa0345"), ("fr", "12\u202f345"), ("en", "12,345")])
def test_thousands_are_apart_as_the_language_does_it(lang: str, written: str) -> None:
    assert written_number(12_345, lang) == written


def test_no_page_writes_decimals_past_the_one_place_for_numbers() -> None:
    """`number` and `share` of the templates know the reader's language; a format of Python's own does not."""
    rooms = [CATALOGS.parent.parent / room for room in ("kiosk", "counter", "display", "manager", "server")]
    templates = [path for room in rooms for path in room.rglob("*.html") if "%." in (text := path.read_text()) or "round(" in text]
    assert templates == []
