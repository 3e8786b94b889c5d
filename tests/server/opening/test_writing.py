"""Hours that can't be kept are refused with a sentence at their field; what is kept comes back the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from server.errors import Refused
from server.opening import writing
from server.opening.calendar import CLOSED, Calendar, ServiceHours
from server.opening.holidays import fixed
from server.opening.writing import Misread, Opening, as_data, from_data
from server.setup import profile, profiles


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("16:30-08:30", writing.EndsBeforeItBegins),
        ("08:30-08:30", writing.EndsBeforeItBegins),
        ("08:30-12:00, 11:00-13:00", writing.SpansOverlap),
        ("08:30", writing.NotHours),
        ("nine to five", writing.NotHours),
        ("08:61-12:00", writing.NotHours),
        ("08:30-25:00", writing.NotHours),
        ("١٢:٠٠-١٣:٠٠ then", writing.NotHours),
        (", ".join(f"{h:02d}:00-{h:02d}:30" for h in range(8)), writing.TooMany),
    ],
)
def test_hours_that_make_no_sense_are_refused(text: str, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        writing.spans(text)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"week": {"friday": "12:00-08:00"}}, "week.friday"),
        ({"days": [{"day": "2026-02-30", "name": {"fr": "x"}}]}, "days.0.day"),
        ({"days": [{"day": "2026-01-01", "name": {"fr": "x"}}] * 2}, "days.1.day"),
        ({"days": [{"day": "2026-01-01", "name": {}}]}, "days.0.name"),
        ({"seasons": [{"first": "2026-03-01", "last": "2026-02-01", "name": {"fr": "x"}, "week": {}}]}, "seasons.0"),
        ({"seasons": [{"first": "2026-03-01", "last": "2026-03-09", "name": {"fr": "x"}, "week": {}}] * 2}, "seasons.1"),
        ({"day_end": {"at": "25:00"}}, "day_end.at"),
        ({"turn_away": {"margin_minutes": -5}}, "turn_away.margin_minutes"),
        ({"services": {"a": {"week": {"monday": "x"}}}}, "services.a.week.monday"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(data: dict[str, Any], field: str) -> None:
    with pytest.raises(Misread) as misread:
        from_data(data)
    assert misread.value.field == field


def test_what_is_written_down_is_read_back_the_same() -> None:
    calendar = Calendar(
        week=(writing.spans("08:30-12:00, 14:00-16:30"),) * 5 + (CLOSED,) * 2,
        special=tuple(fixed(2027)),
        services={"a": ServiceHours(always=True), "b": ServiceHours(week=(writing.spans("10:00-11:00"),) * 7)},
    )
    ramadan = writing.Season(date(2027, 2, 8), date(2027, 3, 9), {"ar": "رمضان"}, (writing.spans("09:00-15:00"),) * 7)
    opening = Opening(True, writing.with_season(calendar, ramadan), True, 20, False, 17 * 60, 30)
    assert from_data(as_data(opening)) == opening


@pytest.mark.parametrize("name", profiles())
def test_every_profile_proposes_hours_that_can_be_read(name: str) -> None:
    data = profile(name)
    opening = from_data(data["opening"])
    assert not opening.kept
    assert opening.calendar.week[0]
    assert set(opening.calendar.services) <= {service["id"] for service in data["services"]}
