"""Contact sheets: several pictures on one, each under its name, still large enough to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

SHEET = (2000, 1500)
NAME = 22
GAP = 8
COLUMNS = {"tall": 5, "wide": 2, "phone": 6}
ROWS = {"tall": 2, "wide": 2, "phone": 1}


def shape(picture: Path) -> str:
    """How a picture is laid out among its like."""
    with Image.open(picture) as image:
        if image.height > 1.2 * image.width:
            return "phone" if picture.name.startswith("phone") else "tall"
        return "wide"


def make(folder: Path) -> list[Path]:
    """Put the pictures of a folder on sheets `sheets/NNN.png`, like by like; the sheets."""
    out = folder / "sheets"
    out.mkdir(exist_ok=True)
    made: list[Path] = []
    pictures = sorted(folder.glob("*.png"))
    for kind in COLUMNS:
        for several in _some([one for one in pictures if shape(one) == kind], COLUMNS[kind] * ROWS[kind]):
            made.append(out / f"{len(made):03d}.png")
            _sheet(several, COLUMNS[kind], ROWS[kind]).save(made[-1])
    return made


def _some(pictures: Sequence[Path], count: int) -> Iterator[Sequence[Path]]:
    for start in range(0, len(pictures), count):
        yield pictures[start : start + count]


def _sheet(pictures: Sequence[Path], columns: int, rows: int) -> Image.Image:
    sheet = Image.new("RGB", SHEET, "#888888")
    pen = ImageDraw.Draw(sheet)
    room = (SHEET[0] // columns - GAP, SHEET[1] // rows - NAME - GAP)
    for place, path in enumerate(pictures):
        x, y = place % columns * (SHEET[0] // columns), place // columns * (SHEET[1] // rows)
        with Image.open(path) as image:
            image.thumbnail(room)
            sheet.paste(image, (x, y + NAME))
        pen.text((x + 4, y + 4), path.stem, fill="#000000", font_size=14)
    return sheet
