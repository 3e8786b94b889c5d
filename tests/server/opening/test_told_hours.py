"""The hours that kiosk and phone tell: the coming week in three languages, days alike on one line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kiosk.hours import hours_of_hall, hours_of_service
from kiosk.said import said
from server.opening.calendar import CLOSED, Calendar, ServiceHours, Span, SpecialDay
from server.opening.store import opening, put
from server.unit import Unit

MORNING, AFTERNOON = Span(8 * 60 + 30, 12 * 60), Span(14 * 60, 18 * 60)
WEEK = ((MORNING, AFTERNOON),) * 5 + (CLOSED,) * 2
MONDAY = date(2026, 11, 23)


def keep(unit: Unit, kept: bool = True) -> None:
    calendar = Calendar(
        WEEK,
        special=(SpecialDay(date(2026, 11, 25), {"fr": "Fête"}),),
        services={"legalisation": ServiceHours(week=((MORNING,),) * 5 + (CLOSED,) * 2)},
    )
    unit.writer.run(lambda conn: put(conn, replace(opening(conn), kept=kept, calendar=calendar)))


def test_days_with_the_same_hours_stand_on_one_line_and_a_holiday_of_the_week_on_its_own(unit: Unit) -> None:
    keep(unit)
    with unit.reading() as conn:
        hall, service = hours_of_hall(conn, MONDAY), hours_of_service(conn, "legalisation", date(2026, 11, 26))
    assert hall["fr"] == [
        "du lundi au mardi : de 08:30 à 12:00, de 14:00 à 18:00",
        "mercredi : fermé",
        "du jeudi au vendredi : de 08:30 à 12:00, de 14:00 à 18:00",
        "du samedi au dimanche : fermé",
    ]
    assert hall["ar"][1].startswith("الأربعاء: ")
    assert service["fr"] == ["du lundi au vendredi : de 08:30 à 12:00", "du samedi au dimanche : fermé"], "the holiday is over"


def test_they_can_be_heard(unit: Unit) -> None:
    keep(unit)
    with unit.reading() as conn:
        assert "mercredi : fermé" in (said(conn, "fr", "hall/hours", MONDAY) or "")
        assert "08:30" in (said(conn, "ar", "service/legalisation/hours", MONDAY) or "")
        assert said(conn, "fr", "hall/nothing", MONDAY) is None


def test_a_unit_that_keeps_no_hours_tells_none(unit: Unit) -> None:
    keep(unit, kept=False)
    with unit.reading() as conn:
        assert hours_of_hall(conn, MONDAY) == {}
        assert said(conn, "fr", "hall/hours", MONDAY) is None
