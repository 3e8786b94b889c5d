"""Contrast of the design tokens, by the formula of WCAG 2.2: text 4.5:1, edges and icons 3:1, in light and in dark."""

from __future__ import annotations

import re

import pytest

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
    ("line-strong", "surface", EDGE),
    ("line-strong", "paper", EDGE),
    ("focus-ring", "surface", EDGE),
    ("focus-ring", "paper", EDGE),
    ("accent", "alarm", EDGE),
)


def tokens(theme: str) -> dict[str, str]:
    light, _, dark = (ASSETS / "css" / "tokens.css").read_text(encoding="utf-8").partition("prefers-color-scheme: dark")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return found if theme == "light" else found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_it_can_be_read(theme: str, front: str, back: str, least: float) -> None:
    colours = tokens(theme)
    assert contrast(colours[front], colours[back]) >= least
