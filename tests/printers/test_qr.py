"""The QR code is read by zbar, as a citizen's phone reads it: from the picture of the whole ticket."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from printers import Slip, preview
from printers.profiles import load
from tests.printers.samples import ADDRESS, SLIPS, WIDTHS


def scanned(picture: Path) -> str:
    program = shutil.which("zbarimg")
    assert program, "zbarimg is missing: apt-get install zbar-tools"
    done = subprocess.run([program, "--quiet", "--raw", str(picture)], capture_output=True, text=True, check=False)
    return done.stdout.strip()


@pytest.mark.parametrize("width_dots", WIDTHS)
@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("native", [True, False])
def test_it_scans(slip: Slip, width_dots: int, native: bool, tmp_path: Path) -> None:
    profile = load("default", width_dots)
    preview(slip, width_dots, profile if native else None).save(tmp_path / "ticket.png")
    assert scanned(tmp_path / "ticket.png") == ADDRESS


@pytest.mark.parametrize("length", [20, 120, 300])
def test_it_scans_long_addresses_on_narrow_paper(length: int, tmp_path: Path) -> None:
    address = "https://example.ma/".ljust(length, "x")
    preview(replace(SLIPS[0], qr=address), 384).save(tmp_path / "ticket.png")
    assert scanned(tmp_path / "ticket.png") == address
