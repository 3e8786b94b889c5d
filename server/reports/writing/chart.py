"""Pictures of a section: columns along time as SVG, bars beside names, and the heat map of two keys.

SVG holds shapes and digits only, from left to right on every page, so that a text's start is its left end; words stand in
the HTML around it, because text in SVG is not set right to left everywhere. Colours come from classes, so that a page follows
light and dark and paper has its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from server.reports.figures.figure import Unit
from server.reports.writing.document import NOTHING, Section, duration

ALONG_TIME = ("hour", "day", "week", "month")
CHARTED = {
    "wait-times": ("wait_mean", "wait_p90"),
    "service-times": ("transaction_mean", "transaction_p90"),
    "counters": ("busy_time", "idle_time", "pause_time"),
    "out-of-order": ("out_of_order",),
    "ratings": ("rating_mean",),
    "estimate-errors": ("error_mean", "error_p90"),
}
WIDTH, HEIGHT, SIDE, FOOT, TOP = 720, 220, 52, 22, 8
WIDTH_ON_PAPER = 1146
"""As wide beside HEIGHT as the paper beside a chart there (`paper.css`: 271 mm, 52 mm)."""
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
SHADES = 7
LOWEST_SCORE, BEST_SCORE = 1, 4
INKS = ("#0c5a46", "#b07a00", "#6f675a")
"""Colours on paper, which takes no style sheet into a picture; on a screen the classes rule. The tokens `--chart-…` in light."""
TEXT = 'font-size="11" fill="#4a534e" font-family="Istiqbal latin, Istiqbal"'


@dataclass(frozen=True, slots=True)
class Heat:
    """A figure of two keys as a table: `down` and `across` in words, cells of the figure or None."""

    figure: str
    words: str
    down: Sequence[str]
    across: Sequence[str]
    cells: Sequence[Sequence[Any]]

    unit: Unit | None

    @property
    def least(self) -> int:
        """Where the scale begins."""
        return LOWEST_SCORE if self.unit is Unit.SCORE else 0

    @property
    def most(self) -> Any:
        """Where it ends: the greatest value, of scores the best."""
        if self.unit is Unit.SCORE:
            return BEST_SCORE
        return max((cell for row in self.cells for cell in row if cell is not None), default=0)

    @property
    def shades(self) -> Sequence[int]:
        """From the least to the most: the warmest shade is the worst, which of scores is the least."""
        shades = range(1, SHADES + 1)
        return shades[::-1] if self.unit is Unit.SCORE else shades

    def shade(self, value: Any) -> int:
        """0 (nothing) to SHADES, by the place between the least and the most."""
        if value is None:
            return 0
        share = (value - self.least) / ((self.most - self.least) or 1)
        return self.shades[min(SHADES - 1, int(share * SHADES))]


def shown(section: Section) -> tuple[str, ...]:
    """The figures that a section's picture shows."""
    names = [head.name for head in section.heads]
    return next((figures for figures in CHARTED.values() if set(figures) <= set(names)), ())


def heat_of(section: Section) -> Heat | None:
    """The heat map of a section that is split by two keys, the first of few values."""
    if len(section.by) != 2 or not shown(section):
        return None
    name = shown(section)[0]
    place = section.figure(name)
    down = dict.fromkeys((one[0], str(row[0])) for one, row in zip(section.places, section.rows, strict=True))
    across = sorted({(one[1], str(row[1])) for one, row in zip(section.places, section.rows, strict=True)}, key=_by_value)
    cells = {one: row[place] for one, row in zip(section.places, section.rows, strict=True)}
    return Heat(
        name,
        section.heads[place].words,
        [words for _, words in down],
        [words for _, words in across],
        [[cells.get((first, second)) for second, _ in across] for first, _ in down],
        section.heads[place].unit,
    )


def _by_value(pair: tuple[Any, str]) -> tuple[bool, Any]:
    return (pair[0] is None, pair[0] if pair[0] is not None else 0)


def along_time(section: Section) -> bool:
    """Whether the section runs along time, so that columns stand side by side."""
    return len(section.by) == 1 and section.by[0] in ALONG_TIME


def columns(section: Section, rtl: bool, width: int = WIDTH) -> Markup:
    """Columns of the first charted figure, with a dash for the second, from right to left if the reader's language runs so."""
    places = [section.figure(name) for name in shown(section)]
    unit = section.heads[places[0]].unit
    greatest = max((row[place] or 0 for row in section.rows for place in places), default=0) or 1
    step = next((step for step in STEPS if greatest / step <= 5), STEPS[-1])
    top = BEST_SCORE if unit is Unit.SCORE else (greatest // step + 1) * step
    parts = [_grid(step, int(top), unit, rtl, width)]
    wide = (width - SIDE) / max(1, len(section.rows))
    every = max(1, len(section.rows) // 24)
    for at, (keys, row) in enumerate(zip(section.places, section.rows, strict=True)):
        left = (width - SIDE - (at + 1) * wide) if rtl else SIDE + at * wide
        for order, place in enumerate(places):
            parts.append(_mark(row[place], order, left, wide, top))
        if at % every == 0:
            spot = f'x="{left + wide / 2:.1f}" y="{HEIGHT - 6}"'
            tick = _tick(section.by[0], keys[0])
            parts.append(f'<text class="chart__tick" text-anchor="middle" {TEXT} {spot}>{tick}</text>')
    return Markup(
        f'<svg class="chart" direction="ltr" viewBox="0 0 {width} {HEIGHT}" role="img" aria-hidden="true" focusable="false">'
        f"{''.join(parts)}</svg>"
    )


def _grid(step: int, top: int, unit: Unit | None, rtl: bool, width: int) -> str:
    lines = []
    for value in range(0, top + 1, step):
        y = _y(value, top)
        x = width - SIDE + 6 if rtl else SIDE - 6
        text = duration(value)[:-3] if unit is Unit.SECONDS else str(value)
        text = duration(value) if unit is Unit.SECONDS and step < 60 else text
        ends = (0, width - SIDE) if rtl else (SIDE, width)
        lines.append(f'<line class="chart__line" stroke="#ddd4c3" x1="{ends[0]}" x2="{ends[1]}" y1="{y:.1f}" y2="{y:.1f}"/>')
        lines.append(
            f'<text class="chart__side" text-anchor="{"start" if rtl else "end"}" {TEXT} x="{x}" y="{y + 4:.1f}">{text}</text>'
        )
    return "".join(lines)


def _y(value: float, top: float) -> float:
    return HEIGHT - FOOT - value / top * (HEIGHT - FOOT - TOP)


def _mark(value: Any, order: int, left: float, wide: float, top: float) -> str:
    if value is None:
        return ""
    y = _y(value, top)
    if order == 0:
        size = f'width="{wide * 0.64:.1f}" height="{HEIGHT - FOOT - y:.1f}"'
        return f'<rect class="chart__column" fill="{INKS[0]}" x="{left + wide * 0.18:.1f}" y="{y:.1f}" {size} rx="2"/>'
    place = f'x="{left + wide * 0.1:.1f}" y="{y - 1.5:.1f}" width="{wide * 0.8:.1f}" height="3"'
    return f'<rect class="chart__mark chart__mark--{order}" fill="{INKS[order]}" {place}/>'


def _tick(key: str, value: Any) -> str:
    """A key's value in digits: an hour, a day of the month, a week, a month."""
    if value is None:
        return NOTHING
    if key == "day":
        return f"{date.fromisoformat(value):%d}"
    if key == "month":
        return f"{value[5:]}/{value[2:4]}"
    return str(value)[-2:]


def bar(value: Any, greatest: Any, order: int, rtl: bool) -> Markup:
    """A bar from the side where reading begins, as long as its share of the greatest value."""
    share = 100 * (value or 0) / (greatest or 1)
    x = 100 - share if rtl else 0
    rect = f'<rect class="chart__bar chart__bar--{order}" fill="{INKS[order]}" x="{x:.2f}" y="0" width="{share:.2f}" height="10"/>'
    return Markup(
        f'<svg class="chart-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">{rect}</svg>'
    )
