"""Today beside a usual day, as a part of the hall's page that is fetched anew each minute."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from flask import Blueprint, current_app
from werkzeug.wrappers import Response as AnyResponse

from manager.guard import signed_in
from server.reports.usual_day import UsualDay, usual_day
from server.reports.writing.day_chart import day_chart
from server.unit import Unit
from server.web import identity, pages
from server.web.language import reader_language

blueprint = Blueprint("day", __name__, url_prefix="/day")

KEPT_MS = 30_000


@dataclass
class _Kept:
    """The last day that was counted: however many managers look, it is counted twice a minute."""

    at: int = -KEPT_MS
    day: UsualDay | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, unit: Unit) -> UsualDay:
        with self.lock:
            now = unit.now()
            if self.day is None or not 0 <= now.steady - self.at < KEPT_MS:
                with unit.reading() as conn:
                    self.at, self.day = now.steady, usual_day(conn, now, unit.settings.unit.zone)
            return self.day


@blueprint.get("")
def show() -> AnyResponse:
    """The picture, its legend, and the table for who does not see it."""
    signed_in()
    kept: _Kept = current_app.extensions.setdefault("istiqbal.usual_day", _Kept())
    day = kept.of(identity.unit())
    rtl = reader_language().direction == "rtl"
    return pages.page("manager/day.html", day=day, chart=day_chart(day, rtl))
