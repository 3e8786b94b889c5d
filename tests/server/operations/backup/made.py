"""Backups as these tests make them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from server import settings
from server.operations.backup.making import back_up
from server.visits import Order

HOUR_S = 3600
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ORDER = Order("etat-civil", "ar")


def quiet(_: str) -> None:
    pass


def make(folder: Path, at: datetime = NOW) -> Path:
    """One backup of the unit into its own `backups/`."""
    loaded = settings.load(folder)
    back_up(folder, loaded, at, quiet)
    return max((folder / "backups").iterdir())


def with_settings(folder: Path, text: str) -> None:
    with (folder / "unit.toml").open("a") as file:
        file.write(text)
