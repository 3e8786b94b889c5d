"""The manager's page of opening hours, form by form."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
from werkzeug.test import TestResponse

from server import journal
from server.app import Server
from server.opening import store
from server.opening.calendar import ALL_DAY, Calendar, SpecialDay, with_special
from server.opening.holidays import not_listed
from server.opening.writing import Opening, as_data
from tests.programs import Program

WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "08:30-16:30")


@pytest.fixture
def post(server: Server, callers: dict[str, Program]) -> Any:
    """Sends a form as the manager, with the revision that is kept unless it says otherwise."""

    def send(part: str, **values: str) -> TestResponse:
        with server.unit.reading() as conn:
            seen = store.revision(conn)
        manager = callers["manager"]
        form = {"revision": str(seen), "part": part, **{name.replace("_", "-"): value for name, value in values.items()}}
        return manager.post("/manager/hours?lang=en", data=form)

    return send


def kept(server: Server) -> Opening:
    with server.unit.reading() as conn:
        return store.opening(conn)


def test_a_week_is_kept_and_the_kiosk_follows(server: Server, post: Any) -> None:
    assert post("week", kept="on", **{**WEEK, "friday": "8h30-12h00; 14:00–16:30"}).status_code == 303
    data = as_data(kept(server))
    assert data["kept"]
    assert data["week"]["friday"] == "08:30-12:00, 14:00-16:30"
    assert data["week"]["sunday"] == ""
    with server.unit.reading() as conn:
        assert [event.type for event in journal.read(conn)][-1] == "setup_changed"


@pytest.mark.parametrize(
    ("part", "values", "field", "said"),
    [
        ("week", {"monday": "16:30-08:30"}, "week-monday", "ends before it begins"),
        ("week", {"tuesday": "08:00-12:00, 11:00-13:00"}, "week-tuesday", "overlap"),
        ("week", {"sunday": "<script>"}, "week-sunday", "&lt;script&gt;"),
        ("closing", {"margin": "-3"}, "closing-margin", "whole number"),
        ("closing", {"margin": "5", "ends": "at", "ends_at": "29:00"}, "closing-ends-at", "no time of day"),
        ("season", {"first": "2027-03-01", "last": "2027-02-01", "name_fr": "Ramadan"}, "season-first", "before the first"),
        ("season", {"first": "x", "last": "2027-02-01", "name_fr": "Ramadan"}, "season-first", "no date"),
        ("day", {"day": "2027-03-01"}, "day-name", "name in at least one"),
        ("day", {"day": "2027-03-01", "until": "2027-09-01", "moon": "0"}, "day-until", "more than 31"),
        ("holidays", {"year": "99999999999999"}, "holidays-year", "whole number"),
        ("service", {"service": "etat-civil", "kind": "own", "monday": "x"}, "service-monday", "are no hours"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    server: Server, post: Any, part: str, values: dict[str, str], field: str, said: str
) -> None:
    before = kept(server)
    page = post(part, **values)
    assert page.status_code == 422
    assert f'id="fault-{field}"' in page.text or part == "service"
    assert said in page.text
    assert kept(server) == before


def test_special_days_are_added_removed_and_never_twice(server: Server, post: Any) -> None:
    post("holidays", year="2027")
    post("holidays", year="2027")
    assert len(kept(server).calendar.special) == 10
    post("day", day="2027-03-10", until="2027-03-11", moon="0")
    assert len(kept(server).calendar.special) == 12
    assert "already" in post("day", day="2027-03-11", moon="1").text
    post("day-away", day="2027-03-10")
    assert "2027-03-10" not in [one.day.isoformat() for one in kept(server).calendar.special]


def test_a_season_is_added_changed_and_removed(server: Server, callers: dict[str, Program], post: Any) -> None:
    ramadan = {"first": "2027-02-08", "last": "2027-03-09", "name_ar": "رمضان", "monday": "09:00-15:00"}
    post("season", **ramadan)
    manager, button = callers["manager"], r'<button class="button" type="submit">(\w+)</button></p>\s*</form>\s*</section>'
    pages = [manager.get(f"/manager/hours?lang=en{query}").text.partition('id="season"')[2] for query in ("", "&season=0")]
    assert [re.findall(button, page)[0] for page in pages] == ["Add", "Save"]
    assert "another season" in post("season", **ramadan).text
    post("season", **{**ramadan, "place": "0", "last": "2027-03-10"})
    (season,) = kept(server).calendar.seasons
    assert season.last.isoformat() == "2027-03-10"
    post("season-away", place="0")
    assert not kept(server).calendar.seasons


def test_a_service_gets_hours_of_its_own_is_always_open_or_as_the_place(server: Server, post: Any) -> None:
    post("service", service="legalisation", kind="own", monday="09:00-10:00")
    assert as_data(kept(server))["services"]["legalisation"]["week"]["monday"] == "09:00-10:00"
    post("service", service="legalisation", kind="always")
    assert as_data(kept(server))["services"] == {"legalisation": {"always": True}}
    assert post("service", service="nonsense", kind="always").status_code == 404
    post("service", service="legalisation", kind="hall")
    assert as_data(kept(server))["services"] == {}


def test_the_second_of_two_managers_is_told_and_nothing_is_lost(server: Server, post: Any) -> None:
    with server.unit.reading() as conn:
        seen = str(store.revision(conn))
    post("week", kept="on", **WEEK)
    late = post("week", revision=seen, monday="10:00-11:00")
    assert late.status_code == 409
    assert "Somebody else has changed the hours" in late.text
    assert "10:00-11:00" in late.text
    assert as_data(kept(server))["week"]["monday"] == "08:30-16:30"


@pytest.mark.parametrize(
    ("part", "values"),
    [
        ("week", {"kept": "on", **WEEK}),
        ("closing", {"turn_away": "on", "margin": "5"}),
        ("season", {"first": "2027-02-08", "last": "2027-03-09", "name_ar": "رمضان", "monday": "09:00-15:00"}),
        ("day", {"day": "2027-03-10", "until": "2027-03-11", "moon": "0"}),
        ("holidays", {"year": "2027"}),
        ("service", {"service": "legalisation", "kind": "always"}),
    ],
)
def test_a_page_sent_twice_is_no_conflict_with_oneself(server: Server, post: Any, part: str, values: dict[str, str]) -> None:
    with server.unit.reading() as conn:
        seen = str(store.revision(conn))
    assert post(part, revision=seen, **values).status_code == 303
    after = kept(server)
    assert post(part, revision=seen, **values).status_code == 303
    assert kept(server) == after
    with server.unit.reading() as conn:
        assert store.revision(conn) == int(seen) + 1
        changes = [event for event in journal.read(conn) if event.type == "setup_changed" and event.data["what"] == "hours"]
    assert len(changes) == 1


def test_a_removal_sent_twice_removes_one_season_and_no_other(server: Server, post: Any) -> None:
    for first, last in (("2027-02-08", "2027-03-09"), ("2027-07-01", "2027-08-31"), ("2027-10-01", "2027-10-31")):
        post("season", first=first, last=last, name_fr="Une saison", monday="09:00-15:00")
    with server.unit.reading() as conn:
        seen = str(store.revision(conn))
    assert [post("season-away", revision=seen, place="0").status_code for _ in range(2)] == [303, 303]
    assert [one.first.month for one in kept(server).calendar.seasons] == [7, 10]
    assert post("closing", margin="7").status_code == 303
    assert post("season-away", revision=seen, place="2").status_code == 409, "what stood third is second now"
    assert [one.first.month for one in kept(server).calendar.seasons] == [7, 10]


def test_a_page_gone_back_to_and_sent_again_as_it_is_kept_is_no_conflict(server: Server, post: Any) -> None:
    with server.unit.reading() as conn:
        seen = str(store.revision(conn))
    post("week", kept="on", **WEEK)
    post("closing", margin="5")
    assert post("week", revision=seen, kept="on", **WEEK).status_code == 303
    assert post("week", revision=seen, kept="on", **{**WEEK, "monday": "10:00-11:00"}).status_code == 409


@pytest.mark.parametrize("values", [{"part": "nonsense"}, {"part": "week", "revision": "x"}, {}])
def test_a_form_that_is_not_ours_is_refused(callers: dict[str, Program], values: dict[str, str]) -> None:
    assert callers["manager"].post("/manager/hours", data=values).status_code == 400


def test_the_page_shows_what_is_asked_for(callers: dict[str, Program]) -> None:
    for query in ("", "?season=0", "?season=zzz", "?service=legalisation", "?service=nonsense", "?saved=week"):
        assert callers["manager"].get(f"/manager/hours{query}").status_code == 200


def test_it_names_the_fixed_holidays_that_come_soon_and_are_not_in_the_list(
    server: Server, post: Any, callers: dict[str, Program]
) -> None:
    coming = not_listed(Calendar(), date(2026, 12, 20))
    assert [one.day.isoformat() for one in coming] == ["2027-01-01", "2027-01-11", "2027-01-14"]
    listed = with_special(Calendar(), SpecialDay(date(2027, 1, 11), {"fr": "ouvert"}, ALL_DAY))
    assert [one.day.day for one in not_listed(listed, date(2026, 12, 20))] == [1, 14], "a day with other hours is in the list too"
    assert not_listed(Calendar(), date(2027, 1, 15)) == []
    today = datetime.now(server.unit.settings.unit.zone).date()
    assert "data-not-listed" not in callers["manager"].get("/manager/hours").text, "the kiosk keeps no hours yet"
    post("week", kept="on", **WEEK)
    assert ("data-not-listed" in callers["manager"].get("/manager/hours").text) is bool(not_listed(Calendar(), today))
    for year in (today.year, today.year + 1):
        assert post("holidays", year=str(year)).status_code == 303
    assert "data-not-listed" not in callers["manager"].get("/manager/hours").text
