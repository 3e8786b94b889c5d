"""Packing closed days in the background: read in the process of reports, kept by the writer, a few days a turn."""

from __future__ import annotations

from server import setup
from server.periodic import Periodic
from server.reports import process, work
from server.reports.asking import place_of
from server.reports.counting import packs
from server.unit import Unit

EVERY_S = 30.0
AT_ONCE = 200


def pack_closed_days(unit: Unit) -> int:
    """Pack up to AT_ONCE days that are over and have no pack; how many were."""
    with unit.reading() as conn:
        today = setup.service_day(conn, unit.now().at, unit.settings.unit.zone)
        due = packs.packs_due(conn, today, AT_ONCE)
    place = place_of(unit.path, unit.settings.unit)
    kept = 0
    for day in due:
        pack = process.run(work.pack_day, place, day)
        if pack is not None:
            kept += unit.writer.run(lambda conn, pack=pack: packs.store(conn, pack))  # type: ignore[misc]
    return kept


def packing(unit: Unit) -> Periodic:
    """The worker that does so while the server runs."""
    return Periodic("packing", lambda: pack_closed_days(unit), EVERY_S)
