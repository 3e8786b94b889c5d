"""A manager's logo: checked once when it is chosen, made into dots for each width of paper."""

from __future__ import annotations

import io
import warnings
from functools import lru_cache

from PIL import Image, UnidentifiedImageError

from printers.errors import LogoUnusable
from printers.told import Says, Told, told

#: Limits of what a manager may upload: bytes of the file, and dots on each side.
LARGEST_FILE, LARGEST_SIDE = 1_000_000, 4000
#: Height of a logo on paper in dots (11 mm), and the share of the paper's width it may take.
_HEIGHT, _SHARE = 88, 0.66
_KEPT_SIZE = (1200, 600)


def check_logo(data: bytes) -> None:
    """Raises LogoUnusable with a sentence when the file can't be a slip's logo."""
    if len(data) > LARGEST_FILE:
        raise LogoUnusable(told(Says.LOGO_TOO_BIG, size=len(data) // 1000, most=LARGEST_FILE // 1000))
    if logo_dots(data, 576).getbbox() is None:
        raise LogoUnusable(Told(Says.LOGO_TOO_PALE))


def clean_logo(data: bytes) -> bytes:
    """The picture of a logo encoded anew as a grey PNG no larger than it can be printed: nothing else of the file is left."""
    try:
        grey = _on_white(_opened(data))
    except (OSError, ValueError) as error:
        raise LogoUnusable(told(Says.LOGO_DAMAGED, why=str(error))) from None
    grey.thumbnail(_KEPT_SIZE, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    grey.save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=8)
def logo_dots(data: bytes, width_dots: int) -> Image.Image:
    """The logo as ink (mode "1", 255 = ink), scaled to a slip of that width; raises LogoUnusable."""
    try:
        grey = _on_white(_opened(data))
    except (OSError, ValueError) as error:
        raise LogoUnusable(told(Says.LOGO_DAMAGED, why=str(error))) from None
    box = grey.point([0 if level > 240 else 255 for level in range(256)]).getbbox()
    if box:
        grey = grey.crop(box)
    scale = min(_HEIGHT / grey.height, width_dots * _SHARE / grey.width)
    size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
    small = grey.resize(size, Image.Resampling.LANCZOS)
    return small.point([255 if level < 128 else 0 for level in range(256)], "1")


def _opened(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "BMP", "WEBP"))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise LogoUnusable(Told(Says.LOGO_NO_PICTURE)) from None
    if max(image.size) > LARGEST_SIDE:
        width, height = image.size
        raise LogoUnusable(told(Says.LOGO_TOO_WIDE, width=width, height=height, most=LARGEST_SIDE))
    return image


def _on_white(image: Image.Image) -> Image.Image:
    """Grey, with transparent parts white like paper."""
    coloured = image.convert("RGBA")
    paper = Image.new("RGBA", coloured.size, (255, 255, 255, 255))
    return Image.alpha_composite(paper, coloured).convert("L")
