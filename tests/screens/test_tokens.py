"""Contrast of the design tokens, by the formula of WCAG 2.2: text 4.5:1, edges and icons 3:1, in light and in dark."""

from __future__ import annotations

import re

import pytest

from server.reports.writing.chart import INKS
from server.web.pages import ASSETS

TEXT = 4.5
EDGE = 3.0
PAIRS = (
    ("ink", "paper", TEXT),
    ("ink", "surface", TEXT),
    ("ink", "surface-sunk", TEXT),
    ("ink", "brand-soft", TEXT),
    ("ink", "info-soft", TEXT),
    ("ink", "danger-soft", TEXT),
    ("ink-soft", "paper", TEXT),
    ("ink-soft", "surface", TEXT),
    ("ink-soft", "surface-sunk", TEXT),
    ("ink-soft", "brand-soft", TEXT),
    ("ink-on-brand", "brand", TEXT),
    ("ink-on-brand", "brand-strong", TEXT),
    ("ink-on-brand-soft", "brand", TEXT),
    ("ink-on-accent", "accent", TEXT),
    ("ink-on-alarm", "alarm", TEXT),
    ("ink-on-alarm-soft", "alarm", TEXT),
    ("brand-text", "paper", TEXT),
    ("brand-text", "surface", TEXT),
    ("brand-text", "surface-sunk", TEXT),
    ("brand-text", "brand-soft", TEXT),
    ("accent-ink", "accent-soft", TEXT),
    ("danger", "surface", TEXT),
    ("danger", "surface-sunk", TEXT),
    ("danger", "danger-soft", TEXT),
    *[("ink", f"heat-{shade}", TEXT) for shade in range(1, 8)],
    *[(f"chart-{order}", ground, EDGE) for order in (1, 2, 3) for ground in ("surface", "surface-sunk")],
    ("line-strong", "surface", EDGE),
    ("line-strong", "paper", EDGE),
    ("focus-ring", "surface", EDGE),
    ("focus-ring", "paper", EDGE),
    ("accent", "alarm", EDGE),
)


HIGH = 7.0
HIGH_EDGE = 4.5
BLOCKS = {"light": ":root {", "dark": ':root:not([data-theme="light"]) {', "high": ':root[data-contrast="high"] {'}


def tokens(theme: str) -> dict[str, str]:
    """The colours of a theme; what a block does not say is as in light."""
    text = (ASSETS / "css" / "tokens.css").read_text(encoding="utf-8")
    light, own = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text.partition(BLOCKS[one])[2].partition("}")[0]))
        for one in ("light", theme)
    )
    return light | own


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "high"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_it_can_be_read(theme: str, front: str, back: str, least: float) -> None:
    colours = tokens(theme)
    wanted = least if theme != "high" else HIGH if least == TEXT else HIGH_EDGE
    assert contrast(colours[front], colours[back]) >= wanted


def test_a_chart_on_paper_has_the_colours_that_it_has_on_a_light_screen() -> None:
    assert list(INKS) == [tokens("light")[f"chart-{order}"] for order in (1, 2, 3)]


def test_the_high_contrast_gives_every_colour_anew() -> None:
    light, high = tokens("light"), tokens("high")
    assert {name for name in light if light[name] == high[name]} <= {
        "surface",
        "ink-on-brand",
        "ink-on-alarm",
        "print-paper",
        "focus-halo",
    }
