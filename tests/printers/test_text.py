import unicodedata

import pytest

from printers.codepages import encode
from printers.profiles import CodePage
from printers.text import clean, clean_lines, describe, direction_of, missing_characters, words_of
from tests.printers.samples import SLIPS

CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))]
PAGES = [CodePage(16, "cp1252"), CodePage(19, "cp858"), CodePage(2, "cp850"), CodePage(40, "iso8859-15")]


@pytest.mark.parametrize("control", CONTROLS)
def test_it_lets_no_control_character_through(control: str) -> None:
    cleaned = clean(f"a{control}@b")
    assert all(unicodedata.category(character) != "Cc" for character in cleaned)
    assert cleaned.replace(" ", "") == "a@b"


@pytest.mark.parametrize("page", PAGES)
def test_it_never_encodes_a_control_byte(page: CodePage) -> None:
    for code in range(0x3000):
        encoded = encode(f"é{chr(code)}x", page)
        assert encoded is None or all(byte >= 0x20 and byte != 0x7F for byte in encoded)


@pytest.mark.parametrize("override", "\u202a\u202b\u202d\u202e\u202c\u2066\u2067\u2068\u2069")
def test_it_drops_marks_that_turn_a_number_round(override: str) -> None:
    assert clean(f"A{override}042") == "A042"


def test_it_drops_half_a_character() -> None:
    assert clean("a\ud800b") == "ab"


def test_it_keeps_the_lines_of_a_footer() -> None:
    assert clean_lines("\n\nMerci\n\nà vous\n") == ("Merci", "", "à vous")


@pytest.mark.parametrize(
    ("line", "slip", "direction"),
    [
        ("Légalisation", "rtl", "ltr"),
        ("A042", "rtl", "ltr"),
        ("رقم A042", "rtl", "rtl"),
        ("CNIE رقم", "rtl", "rtl"),
        ("رقم CNIE", "ltr", "rtl"),
        ("CNIE رقم", "ltr", "ltr"),
        ("ⵜⴰⴽⴰⵕⴹⴰ", "ltr", "ltr"),
    ],
)
def test_it_reads_a_line_in_its_direction(line: str, slip: str, direction: str) -> None:
    assert direction_of(line, "rtl" if slip == "rtl" else "ltr") == direction


@pytest.mark.parametrize("slip", SLIPS)
def test_it_has_a_glyph_for_everything_on_a_ticket(slip: object) -> None:
    assert missing_characters(words_of(slip)) == ()  # type: ignore[arg-type]


def test_it_has_every_letter_of_the_three_scripts() -> None:
    tifinagh = "".join(chr(code) for code in range(0x2D30, 0x2D68))
    assert missing_characters([tifinagh, "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىةڭݣپڤ،؛؟", "éèêëàâçîïôœæùûüÉÈÀÇŒ«»’€°"]) == ()


def test_it_lists_characters_that_no_font_has() -> None:
    missing = missing_characters(["Guichet 漢", "😀 漢 é"])
    assert missing == ("漢", "😀")
    assert describe(missing[0]) == "U+6F22 CJK UNIFIED IDEOGRAPH-6F22"
