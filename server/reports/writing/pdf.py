"""Reports as a PDF that a director can sign, set by WeasyPrint in Arabic, Amazigh or French."""

from __future__ import annotations

import logging
from importlib.resources import files

from server.reports.writing.document import Document
from server.reports.writing.html import PAPER, render

FONTS = files("server") / "assets" / "fonts"
FACES = (
    ("latin", "istiqbal-latin", "100 900"),
    ("arabic", "istiqbal-arabic", "100 900"),
    ("tifinagh", "istiqbal-tifinagh", "400"),
    ("tifinagh", "istiqbal-tifinagh-bold", "700"),
)
"""Name, file and weights. A browser thickens bold Tifinagh by itself, the PDF maker does not: it has a second face."""


def pages(document: Document) -> bytes:
    """The document as a PDF; nothing is fetched from anywhere."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    logging.getLogger("fontTools").setLevel(logging.WARNING)
    fonts = FontConfiguration()
    style = (files("server") / "assets" / "css" / "tokens.css").read_text(encoding="utf-8")
    style += files("server.reports.writing").joinpath("templates", "paper.css").read_text(encoding="utf-8")
    faces = "".join(
        f"@font-face {{ font-family: 'Istiqbal {name}'; src: url('{(FONTS / f'{file}.woff2').as_uri()}');"  # type: ignore[attr-defined]
        f" font-weight: {weights} }}"
        for name, file, weights in FACES
    )
    sheet = CSS(string=faces + style, font_config=fonts)
    made: bytes = HTML(string=render(PAPER, document)).write_pdf(stylesheets=[sheet], font_config=fonts)
    return made
