"""unit.toml: every wrong thing in it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from server import settings
from server.settings import BadSettings

GOOD = """
[unit]
id = "rabat-annexe-6"
name = { ar = "ملحقة", fr = "Annexe" }
timezone = "Africa/Casablanca"

[server]
port = 8081

[[printers]]
name = "hall-1"
transport = "network"
host = "192.0.2.10"
port = 9100
width_dots = 576

[[kiosks]]
name = "kiosk-1"
printer = "hall-1"

[portal]
adapter = "none"
"""


def load(folder: Path, text: str) -> settings.Settings:
    (folder / "unit.toml").write_text(text, encoding="utf-8")
    return settings.load(folder)


def test_it_reads_the_example_of_the_design(tmp_path: Path) -> None:
    loaded = load(tmp_path, GOOD)
    assert (loaded.unit.id, loaded.server.port, loaded.unit.timezone) == ("rabat-annexe-6", 8081, "Africa/Casablanca")
    assert loaded.printers[0].host == "192.0.2.10"
    assert loaded.printer_of("kiosk-1") == "hall-1"
    assert loaded.printer_of("a program") == "hall-1"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("port = 8081", "prot = 8081", "server.prot"),
        ("port = 8081", 'port = "8081"', "server.port"),
        ("port = 8081", "port = 80810", "server.port"),
        ('id = "rabat-annexe-6"', "", "unit.id"),
        ('id = "rabat-annexe-6"', 'id = "Rabat annexe"', "unit.id"),
        ('adapter = "none"', 'adapter = "pigeon"', "portal.adapter"),
        ("[portal]", "[portals]", "portals"),
        ('transport = "network"', 'transport = "pigeon"', "transport"),
        ('host = "192.0.2.10"', "", "host"),
        ('printer = "hall-1"', 'printer = "hall-2"', "hall-2"),
        ("Africa/Casablanca", "Africa/Rabat", "timezone"),
        ("[unit]", "[unit", "not valid TOML"),
    ],
)
def test_it_names_what_is_wrong(tmp_path: Path, old: str, new: str, named: str) -> None:
    assert old in GOOD
    with pytest.raises(BadSettings) as refusal:
        load(tmp_path, GOOD.replace(old, new))
    assert named in str(refusal.value)
    assert "unit.toml" in str(refusal.value)


def test_it_says_how_to_make_a_unit_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="istiqbal init"):
        settings.load(tmp_path)
