import io
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from printers import Layout, Slip, deliver, encode, preview
from printers.compose import compose
from printers.drawing import paint
from printers.pieces import Dots, Native
from printers.profiles import Profile, load
from printers.shaping import ink, width
from tests.printers.samples import ARABIC, FRENCH, SLIPS, WIDTHS, device, nothing

LONG = {
    "ar": "مصلحة تصحيح الإمضاءات والإشهاد على مطابقة النسخ لأصولها وتسليم شواهد السكنى والحالة المدنية بالملحقة الإدارية السادسة",
    "zgh": "ⵜⴰⵎⵓⵔⵉ ⵏ ⵓⵙⵖⵣⵏ ⵏ ⵓⴳⵎⵎⴰⴹ ⴷ ⵓⵙⵙⵏⵎⴰⵍⴰ ⵏ ⵜⵙⵔⵉⵡⵉⵏ ⴷ ⵜⵙⴽⵍⵉⵡⵉⵏ ⵏ ⵜⵣⴷⵓⵖⵜ ⴷ ⵡⴰⴷⴷⴰⴷ ⴰⵖⵔⵉⵎ",
    "fr": "Légalisation des signatures, certification conforme des copies et délivrance des certificats de résidence",
}


def ink_of(picture: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.invert(picture.convert("L")).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("width_dots", WIDTHS)
@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("raster", [True, False])
def test_it_prints_exactly_what_the_preview_shows(slip: Slip, width_dots: int, raster: bool) -> None:
    chosen = {"native_text": False, "native_qr": False} if raster else {}
    printer = device("virtual", width_dots=width_dots, **chosen)
    assert deliver(printer, encode(slip, printer.profile), nothing).kind == "confirmed"
    printed = Image.open(io.BytesIO(printer.pictures()[0][1]))
    shown = preview(slip, width_dots, printer.profile)
    assert (
        ImageChops.difference(printed.convert("L"), shown.crop((0, 24, width_dots, shown.height - 24)).convert("L")).getbbox()
        is None
    )


def test_it_joins_arabic_letters_from_right_to_left() -> None:
    word = "تصحيح"
    apart = sum(width(letter, 40, "rtl", "ar") for letter in word)
    assert width(word, 40, "rtl", "ar") < 0.8 * apart
    # The last letter of "دار" does not join: its word ends, on the left, with the same ink as the letter alone.
    whole, last = ink("دار", 40, "rtl", "ar").image, ink("ر", 40, "rtl", "ar").image
    left = whole.crop((0, whole.height - last.height, last.width, whole.height))
    assert ImageChops.difference(left.convert("L"), last.convert("L")).histogram()[255] < 0.1 * last.width * last.height


@pytest.mark.parametrize("width_dots", WIDTHS)
@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("raster", [True, False])
def test_it_wraps_or_shrinks_long_names_and_loses_nothing(slip: Slip, width_dots: int, raster: bool) -> None:
    name = LONG[slip.language]
    long = replace(slip, service=name, unit=name, subtitle=name, documents=(name,), footer=name)
    profile = load("default", width_dots)
    pieces = compose(long, profile.raster() if raster else profile)
    for piece in pieces:
        if isinstance(piece, Dots):
            assert piece.image.width <= width_dots
        if isinstance(piece, Native):
            assert len(piece.encoded) * 12 * piece.wide <= width_dots
    if not raster and slip.language == "fr":
        printed = " ".join(piece.text.strip("- ") for piece in pieces if isinstance(piece, Native))
        assert printed.count(name.replace("’", "'")) == 5


@pytest.mark.parametrize("width_dots", WIDTHS)
def test_it_breaks_a_word_that_is_longer_than_the_paper(width_dots: int) -> None:
    word = "Anticonstitutionnellement" * 4
    for profile in (load("default", width_dots), load("default", width_dots).raster()):
        for piece in compose(replace(FRENCH, service=word, subtitle=None), profile):
            if isinstance(piece, Dots):
                assert piece.image.width <= width_dots


def test_it_prints_the_number_larger_than_all_else() -> None:
    for profile in (load("default", 576), load("default", 384), load("default", 576).raster()):
        heights = {
            piece: (piece.image.height if isinstance(piece, Dots) else 24 * piece.high)
            for piece in compose(replace(ARABIC, qr=None), profile)
            if isinstance(piece, (Dots, Native))
        }
        highest, second = sorted(heights.values())[-1:-3:-1]
        assert highest > 2.5 * second


def test_it_prints_a_long_number_whole() -> None:
    picture = preview(replace(FRENCH, number="WXYZ-123456"), 384)
    assert ink_of(picture)[2] <= 384


def test_it_shows_a_box_for_a_character_that_no_font_has() -> None:
    assert ink("漢", 30, "ltr", "fr").image.getbbox() is not None


def test_it_prints_only_the_lines_that_the_manager_wants() -> None:
    nothing = Layout(**dict.fromkeys(Layout.__dataclass_fields__, False))
    pieces = compose(replace(FRENCH, layout=nothing), Profile())
    assert [piece.text for piece in pieces if isinstance(piece, Native)] == ["A042"]
    assert preview(FRENCH).height > preview(replace(FRENCH, layout=Layout(documents=False))).height


def test_it_marks_a_duplicate() -> None:
    pieces = compose(replace(FRENCH, duplicate="DUPLICATA"), Profile())
    assert any(isinstance(piece, Native) and "DUPLICATA" in piece.text for piece in pieces)
    assert preview(replace(ARABIC, duplicate="نسخة ثانية")).height > preview(ARABIC).height


def test_it_paints_an_empty_slip_without_failing() -> None:
    assert paint((), 576).size == (576, 1)


def test_a_number_of_two_lines_is_larger_than_on_one() -> None:
    """A reference of sixteen letters is read out and typed again from paper."""
    nothing_else = Layout(**dict.fromkeys(Layout.__dataclass_fields__, False))
    profile = load("default", 576).raster()

    def heights(number: str) -> list[int]:
        pieces = compose(replace(FRENCH, number=number, layout=nothing_else), profile)
        return [piece.image.height for piece in pieces if isinstance(piece, Dots)]

    (whole,), (first, second) = heights("AB23 CD45 EF67 GH23"), heights("AB23 CD45\nEF67 GH23")
    assert min(first, second) > 1.5 * whole
