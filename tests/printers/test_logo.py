import io
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from printers import Layout, preview
from printers.errors import LogoUnusable
from printers.logo import LARGEST_SIDE, check_logo, logo_dots
from tests.printers.samples import ARABIC


def png(size: tuple[int, int], colour: str = "white", mode: str = "RGB") -> bytes:
    image = Image.new(mode, size, colour if mode == "RGB" else (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((2, 2, size[0] - 3, size[1] - 3), fill="black")
    file = io.BytesIO()
    image.save(file, format="PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a picture"),
        (b"GIF89a but not really", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (png((LARGEST_SIDE + 1, 9)), "at most 4000"),
        (b"x" * 1_000_001, "1000 kB"),
        (png((300, 300))[:-40], "damaged"),
    ],
)
def test_it_says_why_a_file_is_no_logo(data: bytes, words: str) -> None:
    with pytest.raises(LogoUnusable, match=words):
        check_logo(data)


def test_it_refuses_a_logo_of_which_nothing_would_print() -> None:
    file = io.BytesIO()
    Image.new("L", (50, 50), 250).save(file, format="PNG")
    with pytest.raises(LogoUnusable, match="darker"):
        check_logo(file.getvalue())


@pytest.mark.parametrize("size", [(300, 300), (2000, 100), (100, 2000), (9, 9)])
def test_it_fits_a_logo_on_the_paper(size: tuple[int, int]) -> None:
    check_logo(png(size))
    for width in (576, 384):
        dots = logo_dots(png(size), width)
        assert dots.width <= width
        assert dots.height <= 88
        assert dots.getbbox() is not None


def test_it_prints_what_is_transparent_as_paper() -> None:
    dots = logo_dots(png((100, 100), mode="RGBA"), 576)
    assert dots.getpixel((0, 0)) == 0
    assert dots.getpixel((dots.width // 2, dots.height // 2)) == 255


def test_it_prints_the_logo_above_all_else_when_it_is_wanted() -> None:
    with_logo = replace(ARABIC, logo=png((200, 100)))
    assert preview(with_logo).height > preview(ARABIC).height + 80
    assert preview(replace(with_logo, layout=Layout(logo=False))).height == preview(ARABIC).height
