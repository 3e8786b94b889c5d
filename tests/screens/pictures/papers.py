"""The pages of the PDF that a director signs, last month's, in each language: `paper-LANGUAGE-PAGE.png`."""

from __future__ import annotations

import subprocess

from tests.running import ISTIQBAL
from tests.screens.pictures.studio import LANGUAGES, Studio

DOTS_PER_INCH = 90


def pictures(studio: Studio) -> None:
    for language in LANGUAGES:
        if studio.wanted(f"paper-{language}"):
            pages(studio, language)


def pages(studio: Studio, language: str) -> None:
    """The whole report as `istiqbal report` writes it, a picture a page."""
    paper = studio.folder / f"paper-{language}.pdf"
    asked = ["--period", "last-month", "--whole", "--format", "pdf", "--language", language, "--out", paper]
    subprocess.run([ISTIQBAL, "report", "wait-times", studio.running.folder, *asked], check=True)
    subprocess.run(["pdftoppm", "-r", str(DOTS_PER_INCH), "-png", paper, paper.with_suffix("")], check=True)
    paper.unlink()
