"""`istiqbal print-test`: what an installer prints before the first citizen comes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PIL import Image

from server import settings
from server.operations import paper
from server.store import open_reader
from tests.running import ISTIQBAL, Paper, free_port

PRINTER = '[[printers]]\nname = "hall-1"\ntransport = "network"\nhost = "127.0.0.1"\nport = {port}\n\n[[kiosks]]'
MARKS = {"ar": "تجربة، ليست تذكرة", "fr": "ESSAI, PAS UN TICKET"}


def print_test(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ISTIQBAL, "print-test", str(folder), *words], capture_output=True, text=True, timeout=60)


def test_it_prints_one_slip_and_says_so(folder: Path) -> None:
    printer = Paper(free_port())
    path = folder / "unit.toml"
    path.write_text(path.read_text().replace("[[kiosks]]", PRINTER.format(port=printer.port), 1))
    done = print_test(folder)
    assert (done.returncode, "hall-1 printed it" in done.stdout) == (0, True), done
    assert printer.cuts(1).count(b"\x1dV") == 1
    printer.close()
    done = print_test(folder)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: hall-1 printed nothing"), done.stderr


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_on_paper_it_is_marked_and_a_preview_is_what_a_citizen_gets(folder: Path, language: str) -> None:
    db = open_reader(folder / "unit.db")
    loaded = settings.load(folder)
    printed, drawn = (paper.example_slip(db.conn, loaded, language, None, on_paper=on_paper) for on_paper in (True, False))
    db.close()
    assert (printed.duplicate, drawn.duplicate) == (MARKS[language], None)


def test_it_draws_a_preview_of_the_width_asked_for(folder: Path, tmp_path: Path) -> None:
    made = tmp_path / "ticket.png"
    assert print_test(folder, "--preview", str(made), "--width", "384", "--language", "zgh").returncode == 0
    with Image.open(made) as image:
        assert image.width >= 384
    assert print_test(folder, "--preview", str(tmp_path / "none" / "ticket.png")).returncode == 1
