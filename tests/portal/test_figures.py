"""Figures come out right whatever came late, twice or taken back, and none points at a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import units
from portal.clock import ZONE
from portal.insight import rolling, showing, small_groups
from portal.store.database import Connection, partition_of, partitions
from tests.portal.sender import Sender

NOW = datetime.now(UTC)
NOON = datetime.combine((NOW - timedelta(days=1)).date(), datetime.min.time(), ZONE).replace(hour=12)


def roll(conn: Connection, raw_days: int = 400, now: datetime = NOW) -> int:
    return rolling.roll_up(conn, 20, raw_days, now)


def totals(conn: Connection) -> dict[str, Any]:
    names = (
        "arrivals",
        "served",
        "no_shows",
        "walkouts",
        "waits",
        "wait_sum",
        "called",
        "called_in_time",
        "left_late",
        "ratings",
        "score_sum",
    )
    row = conn.execute(
        f"SELECT {', '.join(f'COALESCE(sum({name}), 0)::integer' for name in names)} FROM figures".encode()
    ).fetchone()
    return dict(zip(names, row or (), strict=True))


def test_the_worked_example_of_the_documentation_comes_out_as_it_says(sender: Sender, conn: Connection) -> None:
    """The morning of docs/figures.md, target 20 minutes."""
    sender.send([
        sender.leg(at=NOON, called_after=60, waited=60),
        sender.leg(at=NOON, called_after=660, waited=660),
        sender.leg(at=NOON, called_after=1560, waited=1560),
        sender.leg("no_show", at=NOON, called_after=120, waited=None),
        sender.leg("cancelled", at=NOON, waited=None, left_after=300),
        sender.leg("expired", at=NOON, waited=None, left_after=1500),
    ])  # fmt: skip
    assert roll(conn) == 1
    found = totals(conn)
    assert (found["arrivals"], found["served"], found["no_shows"], found["walkouts"], found["waits"]) == (6, 3, 1, 2, 3)
    assert found["wait_sum"] / found["waits"] == 760
    assert found["called_in_time"] / (found["called"] + found["left_late"]) == 0.6
    assert conn.execute("SELECT DISTINCT day, hour FROM figures").fetchall() == [(NOON.date(), 12)]


def test_who_was_served_without_a_ticket_and_did_not_come_back_is_no_walkout(sender: Sender, conn: Connection) -> None:
    sender.send([sender.leg("expired", at=NOON, called_after=None, waited=None, served=120, left_after=None)])
    roll(conn)
    assert (totals(conn)["arrivals"], totals(conn)["walkouts"]) == (1, 0)


def test_what_has_been_counted_is_not_counted_again_until_something_comes(sender: Sender, conn: Connection) -> None:
    sender.send([sender.leg(at=NOON)])
    assert roll(conn) == 1
    assert roll(conn) == 0
    sender.send([sender.leg(at=NOON)])
    assert roll(conn) == 1
    assert totals(conn)["arrivals"] == 2


def test_a_leg_that_ended_twice_counts_as_it_ended_last(sender: Sender, conn: Connection) -> None:
    first = sender.leg("no_show", at=NOON)
    again = sender.leg("served", at=NOON, visit=first["data"]["visit"])
    sender.send([again])
    sender.send([first])
    roll(conn)
    assert (totals(conn)["arrivals"], totals(conn)["served"], totals(conn)["no_shows"]) == (1, 1, 0), "although it came later"
    other = sender.again()
    other.send([other.leg("cancelled", at=NOON + timedelta(hours=1), visit=first["data"]["visit"], waited=None, left_after=60)])
    roll(conn)
    assert (totals(conn)["arrivals"], totals(conn)["served"], totals(conn)["walkouts"]) == (1, 0, 1), "the later start counts"


def test_ratings_count_once_a_visit(sender: Sender, conn: Connection) -> None:
    first = sender.rating(1, at=NOON)
    sender.send([first, sender.rating(3, at=NOON, visit=first["data"]["visit"]), sender.rating(4, at=NOON)])
    roll(conn)
    assert (totals(conn)["ratings"], totals(conn)["score_sum"]) == (2, 7)


def test_an_id_used_twice_under_two_sequences_is_seen(sender: Sender, conn: Connection) -> None:
    event = sender.leg(at=NOON)
    sender.send([event, sender.leg(at=NOON)])
    sender.send([{**event, "sequence": f"{3:020d}"}])
    roll(conn)
    assert conn.execute("SELECT kind, subject FROM incidents").fetchall() == [("id-reused", event["id"])]
    assert totals(conn)["arrivals"] == 2


def test_raw_events_go_after_their_time_and_the_figures_stay(sender: Sender, conn: Connection) -> None:
    old = NOON - timedelta(days=5)
    sender.send([sender.leg(at=old), sender.leg(at=NOON)])
    roll(conn)
    said = rolling.maintain(conn, 20, 3, NOW)
    assert "days of raw events dropped" in said
    assert old.date() not in partitions(conn)
    assert conn.execute("SELECT count(*) FROM events").fetchone() == (1,)
    assert totals(conn)["arrivals"] == 2
    sender.send([sender.leg(at=old)])
    roll(conn, raw_days=3)
    assert totals(conn)["arrivals"] == 2, "a day whose events are gone is not counted anew"
    assert partition_of(NOW.date()) == f"events_{NOW:%Y_%m_%d}"
    conn.execute("DELETE FROM events_other")
    rolling.make_partitions(conn, NOW.date())


@pytest.mark.parametrize(("counts", "out"), [
    ([10, 20, 30], set()),
    ([3, 20, 30], {0, 1}),
    ([3, 4, 30], {0, 1}),
    ([1, 1, 30, 7], {0, 1, 3}),
    ([0, 0, 9], set()),
    ([2], {0}),
    ([], set()),
])  # fmt: skip
def test_small_cells_are_hidden_with_a_companion(counts: list[int], out: set[int]) -> None:
    assert small_groups.hidden(dict(enumerate(counts)), 5) == out


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 12))
def test_no_hidden_cell_can_be_worked_out_from_the_total(counts: list[int], smallest: int) -> None:
    out = small_groups.hidden(dict(enumerate(counts)), smallest)
    assert all(counts[place] >= smallest or counts[place] == 0 for place in range(len(counts)) if place not in out)
    if out and any(counts[place] for place in range(len(counts)) if place not in out):
        assert len(out) > 1
        assert sum(counts[place] for place in out) >= smallest


def test_one_visitors_wait_is_not_among_the_figures_of_five_arrivals(sender: Sender, conn: Connection) -> None:
    """Five came, one was served: each figure is hidden by what it rests on, and so is the one that would give it away."""
    alone, busy = NOON.replace(hour=9), NOON.replace(hour=10)
    sender.send([sender.leg("cancelled", at=alone, waited=None, left_after=60) for _ in range(4)]
                + [sender.leg(at=alone, called_after=777, waited=777)]
                + [sender.leg(at=busy, called_after=60, waited=60) for _ in range(6)]
                + [sender.leg(at=NOON, called_after=60, waited=60) for _ in range(9)])  # fmt: skip
    roll(conn)
    rows = [dict(zip(showing.COLUMNS, row, strict=True)) for row in showing.cells(conn, NOON.date(), NOON.date(), 5)]
    assert [row["arrivals"] for row in rows] == [5, 6, 9]
    assert [row["waits"] for row in rows] == [None, None, 9]
    assert [row["wait_sum"] for row in rows] == [None, None, 540]
    assert [row["called"] for row in rows] == [None, None, 9]
    assert [row["called_in_time"] for row in rows] == [None, None, 9]


CELL = st.tuples(st.integers(0, 3), *(st.integers(0, 12) for _ in range(5)))


@given(st.lists(CELL, max_size=14), st.integers(1, 7))
def test_no_cell_of_a_unit_can_be_worked_out_from_a_day_or_from_all_days(made: list[tuple[int, ...]], smallest: int) -> None:
    rows = []
    for hour, (day, arrivals, waits, called, late, ratings) in enumerate(sorted(made, key=lambda one: one[0])):
        waits = min(waits, arrivals)
        called = min(max(called, waits), arrivals)
        late = min(late, arrivals - called)
        counts = (arrivals, waits, called - waits, late, waits, waits * 60, called, called, late, ratings, ratings * 3)
        rows.append(("rabat-1", NOON.date() + timedelta(days=day), hour, "etat-civil", *counts))
    shown = list(showing.without_small(rows, smallest))
    for name, base in showing.RESTS_ON.items():
        at, bases = showing.COLUMNS.index(name), [showing.COLUMNS.index(one) for one in base]
        rests_on = [sum(row[one] for one in bases) for row in rows]
        out = {place for place, row in enumerate(shown) if row[at] is None}
        assert all(rests_on[place] == 0 or rests_on[place] >= smallest for place in range(len(rows)) if place not in out)
        for days in [{row[1]} for row in rows] + [{row[1] for row in rows}]:
            among = {place for place, row in enumerate(rows) if row[1] in days}
            told = sum(rests_on[place] for place in among - out)
            by_subtraction = sum(rests_on[place] for place in among & out)
            if told and by_subtraction:
                assert len(among & out) > 1, name
                assert by_subtraction >= smallest, name


def test_the_national_table_shows_a_busy_unit_and_hides_a_quiet_one(sender: Sender, conn: Connection) -> None:
    units.add(conn, "sale-1", "Salé 1", "Commune de Salé")
    units.add(conn, "sale-2", "Salé 2", "Commune de Salé")
    quiet = Sender(sender.client, "sale-1", units.new_secret(conn, "sale-1"))
    third = Sender(sender.client, "sale-2", units.new_secret(conn, "sale-2"))
    sender.send([sender.leg(at=NOON, called_after=600, waited=600) for _ in range(10)] + [sender.rating(4, at=NOON)])
    third.send([third.leg(at=NOON) for _ in range(30)])
    quiet.send([quiet.leg(at=NOON) for _ in range(2)])
    roll(conn)
    by_unit = {one.unit: one for one in showing.units(conn, NOON.date(), NOON.date(), 5)}
    assert by_unit["sale-1"].arrivals is by_unit["sale-1"].wait_minutes is None
    assert by_unit["rabat-annexe-6"].few, "hidden too, else the total gives the quiet one away"
    assert by_unit["sale-2"].arrivals == 30
    assert by_unit["rabat-annexe-6"].score is None, "one rating is one person"
    rows = list(showing.cells(conn, NOON.date(), NOON.date(), 5))
    assert [row[4] for row in rows] == [10, None, 30]
