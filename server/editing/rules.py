"""The rules of calling, of numbers, of ratings and of reports, as they are edited."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from server import setup
from server.editing import refusals
from server.editing.section import Live, Section
from server.editing.things import LocalTime, Thing
from server.estimates.estimator import ENOUGH_HISTORY
from server.estimates.following import CHOICE as AFTER_WAITS

FEWEST_DAYS, MOST_DAYS = 31, 36_500
"""How long single visits may be kept, when not for good."""


class Calling(Thing):
    """The calling rules' settings; see docs/calling-rules.md."""

    id: Literal["calling"] = "calling"
    cap_minutes: Annotated[int, Field(ge=1, le=480)]
    prefer_one_in: Annotated[int, Field(ge=2, le=20)]
    early_minutes: Annotated[int, Field(ge=0, le=120)]
    auto_next: bool
    put_back: Literal["end", "place", "after"] = "after"
    put_back_after: Annotated[int, Field(ge=1, le=50)] = 3


class Numbers(Thing):
    """When a day's numbers begin anew, local time."""

    id: Literal["numbers"] = "numbers"
    day_starts: LocalTime


class Estimates(Thing):
    """After how many waits of a service's past the estimate learns from them; before, it goes by the queue's length."""

    id: Literal["estimates"] = "estimates"
    after_waits: Annotated[int, Field(ge=20, le=5000)] = ENOUGH_HISTORY


class Ratings(Thing):
    """For how many days after its end a visit can be rated."""

    id: Literal["ratings"] = "ratings"
    rating_days: Annotated[int, Field(ge=1, le=90)] = setup.RATING_DAYS


class Reports(Thing):
    """Whether reports show single clerks, and after how many days single visits are dropped (None: never)."""

    id: Literal["reports"] = "reports"
    clerk_figures: bool = False
    keep_rows_days: Annotated[int, Field(ge=FEWEST_DAYS, le=MOST_DAYS)] | None = None


def _read_calling(conn: Any) -> list[Calling]:
    rules = setup.calling_rules(conn)
    return [
        Calling.model_construct(
            id="calling",
            cap_minutes=rules.cap_ms // 60_000,
            prefer_one_in=rules.prefer_one_in,
            early_minutes=rules.early_ms // 60_000,
            auto_next=bool(setup.choice(conn, "auto_next", False)),
            put_back=setup.put_back(conn).where,
            put_back_after=setup.put_back(conn).after,
        )
    ]


def _save_calling(conn: Any, one: Calling, position: int) -> None:
    setup.choose(conn, "wait_cap_s", one.cap_minutes * 60)
    setup.choose(conn, "prefer_one_in", one.prefer_one_in)
    setup.choose(conn, "appointment_early_s", one.early_minutes * 60)
    setup.choose(conn, "auto_next", one.auto_next)
    setup.choose(conn, "put_back", one.put_back)
    setup.choose(conn, "put_back_after", one.put_back_after)


def _read_numbers(conn: Any) -> list[Numbers]:
    return [Numbers.model_construct(id="numbers", day_starts=setup.choice(conn, "day_starts", "00:00"))]


def _save_numbers(conn: Any, one: Numbers, position: int) -> None:
    setup.choose(conn, "day_starts", one.day_starts)


def _same_day(live: Live, old: Numbers | None, new: Numbers) -> None:
    """Raises DayWouldMove when today's tickets would belong to another day: numbers would begin anew, calls vanish."""
    if setup.day_that_starts(new.day_starts, live.now.at, live.zone) != live.day:
        raise refusals.DayWouldMove(time=max(new.day_starts, old.day_starts if old else ""))


def _read_estimates(conn: Any) -> list[Estimates]:
    return [Estimates.model_construct(id="estimates", after_waits=setup.choice(conn, AFTER_WAITS, ENOUGH_HISTORY))]


def _save_estimates(conn: Any, one: Estimates, position: int) -> None:
    setup.choose(conn, AFTER_WAITS, one.after_waits)


def _read_ratings(conn: Any) -> list[Ratings]:
    return [Ratings.model_construct(id="ratings", rating_days=setup.rating_days(conn))]


def _save_ratings(conn: Any, one: Ratings, position: int) -> None:
    setup.choose(conn, "rating_days", one.rating_days)


def _read_reports(conn: Any) -> list[Reports]:
    clerks, days = bool(setup.choice(conn, "clerk_figures", False)), setup.choice(conn, "keep_rows_days", None)
    return [Reports.model_construct(id="reports", clerk_figures=clerks, keep_rows_days=days)]


def _save_reports(conn: Any, one: Reports, position: int) -> None:
    setup.choose(conn, "clerk_figures", one.clerk_figures)
    setup.choose(conn, "keep_rows_days", one.keep_rows_days)


calling = Section("calling", Calling, _read_calling, _save_calling, single=True)
numbers = Section("numbers", Numbers, _read_numbers, _save_numbers, may_become=_same_day, single=True)
estimates = Section("estimates", Estimates, _read_estimates, _save_estimates, single=True)
ratings = Section("ratings", Ratings, _read_ratings, _save_ratings, single=True)
reports = Section("reports", Reports, _read_reports, _save_reports, single=True)
