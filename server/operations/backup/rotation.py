"""Which backups are kept: the newest of each day and of each month, and everything of the last day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

STAMP = "%Y%m%dT%H%M%SZ"
ENDINGS = (".tar.gz", ".tar.gz.age")


def name_of(unit: str, at: datetime, *, sealed: bool) -> str:
    """The file name of a backup made at `at` (UTC, to the second)."""
    return f"{unit}-{at.astimezone(UTC).strftime(STAMP)}{ENDINGS[sealed]}"


def made_at(name: str, unit: str) -> datetime | None:
    """When a backup of this unit was made, by its name; None for any other file."""
    match = re.fullmatch(re.escape(unit) + r"-(\d{8}T\d{6}Z)\.tar\.gz(\.age)?", name)
    try:
        return datetime.strptime(match[1], STAMP).replace(tzinfo=UTC) if match else None
    except ValueError:
        return None


def half_name(name: str) -> str:
    """What a backup is called in its place until it is there whole."""
    return f".{name}.part"


def half_written(names: Iterable[str], unit: str, now: datetime) -> list[str]:
    """What a power cut left of backups of this unit, a day ago or longer: a younger one may be on its way."""
    halves = [name for name in names if name.startswith(".") and name.endswith(".part")]
    return [name for name in halves if (at := made_at(name[1 : -len(".part")], unit)) and at < now - timedelta(days=1)]


def newest(names: Iterable[str], unit: str) -> str | None:
    """The newest backup of this unit among file names."""
    dated = [(at, name) for name in names if (at := made_at(name, unit))]
    return max(dated)[1] if dated else None


def to_drop(names: Iterable[str], unit: str, now: datetime, keep_days: int, keep_months: int) -> list[str]:
    """The backups of this unit that need not be kept; never the newest, never a file that is no backup of this unit.

    Kept are all of the last 24 hours, the newest of each of the last `keep_days` UTC days and of each of the last
    `keep_months` months. One that claims to be of the future (a clock that was wrong) is kept too.
    """
    dated = sorted(((at, name) for name in names if (at := made_at(name, unit))), reverse=True)
    kept = {name for at, name in dated[:1]} | {name for at, name in dated if at > now - timedelta(days=1)}
    for form, wanted in (("%Y-%m-%d", keep_days), ("%Y-%m", keep_months)):
        firsts: dict[str, str] = {}
        for at, name in dated:
            firsts.setdefault(at.strftime(form), name)
        kept |= set(list(firsts.values())[:wanted])
    return [name for _, name in dated if name not in kept]
