"""The figures against two other ways to them: DuckDB over the raw journal, and the worked day of docs/figures.md."""

from __future__ import annotations

import random
import re
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from server import reports
from server.estimates import promises
from server.estimates.rounding import Estimate
from server.feedback import ratings
from server.lifecycle import Action
from server.reports.figures.registry import FIGURES, KINDS
from server.reports.making import make
from server.unit import Unit
from server.visits import Order
from server.visits.looks import current_leg
from tests.conftest import CLERK, KIOSK, ToldClock
from tests.server.reports.test_packs import hide_small_groups, live_a_while
from tests.server.reports.test_reports import DAY, ZONE

KINDS_BY_SERVICE = ("wait-times", "service-times", "estimate-errors", "ratings", "out-of-order")
DOCUMENT = Path(__file__).parents[3] / "docs" / "figures.md"
SQL = """
WITH kept AS (
    SELECT * FROM events WHERE visit IS NOT NULL AND type NOT IN ('undone', 'rated')
        AND id NOT IN (SELECT json_extract_string(data, '$.of') FROM events WHERE type = 'undone')),
joined AS (
    SELECT visit, 1 AS leg, json_extract_string(data, '$.service') AS service, steady AS joined
        FROM kept WHERE type IN ('issued', 'walked_in')
    UNION ALL
    SELECT visit, leg + 1, json_extract_string(data, '$.service'), steady FROM kept WHERE type = 'transferred'),
steps AS (
    SELECT visit, leg, type, seq, steady,
        last_value(CASE WHEN type = 'called' THEN steady END IGNORE NULLS) OVER w AS last_call
    FROM kept WHERE type <> 'recalled'
    WINDOW w AS (PARTITION BY visit, leg ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)),
steps_and_next AS (
    SELECT *, lead(steady) OVER (PARTITION BY visit, leg ORDER BY seq) AS following FROM steps),
legs AS (
    SELECT j.visit, j.leg, j.service,
        arg_max(s.type, s.seq) AS last_type,
        arg_min(s.steady, s.seq) FILTER (s.type = 'called') - j.joined AS called_after,
        arg_max(s.last_call, s.seq) FILTER (s.type = 'started') - j.joined AS waited,
        arg_max(s.steady - s.last_call, s.seq) FILTER (s.type = 'started') AS walked,
        sum(s.following - s.steady) FILTER (s.type IN ('started', 'walked_in')) AS served,
        arg_max(s.steady, s.seq) FILTER (s.type IN ('cancelled', 'expired')) - j.joined AS left_after
    FROM joined j LEFT JOIN steps_and_next s USING (visit, leg)
    GROUP BY j.visit, j.leg, j.service, j.joined),
aimed AS (
    SELECT legs.*, target_s * 1000 AS aim, last_type IN ('cancelled', 'expired') AND called_after IS NULL AS walkout
    FROM legs JOIN services ON services.id = legs.service)
{select}"""
LEGS = """
SELECT service, count(*) AS arrivals, count(*) FILTER (last_type = 'served') AS served,
    count(*) FILTER (last_type = 'no_show') AS no_shows, count(*) FILTER (walkout) AS walkouts,
    count(waited) FILTER (waited >= 0) AS waits,
    floor((avg(waited) FILTER (waited >= 0) + 500) / 1000)::BIGINT AS wait_mean,
    floor((quantile_cont(waited, 0.5) FILTER (waited >= 0) + 500) / 1000)::BIGINT AS wait_median,
    floor((quantile_cont(waited, 0.9) FILTER (waited >= 0) + 500) / 1000)::BIGINT AS wait_p90,
    floor((max(waited) FILTER (waited >= 0) + 500) / 1000)::BIGINT AS wait_longest,
    count(*) FILTER (called_after >= 0 OR (walkout AND left_after > aim)) AS service_level_cases,
    round(count(*) FILTER (called_after BETWEEN 0 AND aim)
        / nullif(count(*) FILTER (called_after >= 0 OR (walkout AND left_after > aim)), 0), 4) AS service_level,
    count(served) FILTER (served >= 0) AS transactions,
    floor((avg(served) FILTER (served >= 0) + 500) / 1000)::BIGINT AS transaction_mean,
    floor((quantile_cont(served, 0.5) FILTER (served >= 0) + 500) / 1000)::BIGINT AS transaction_median,
    floor((quantile_cont(served, 0.9) FILTER (served >= 0) + 500) / 1000)::BIGINT AS transaction_p90,
    floor((max(served) FILTER (served >= 0) + 500) / 1000)::BIGINT AS transaction_longest,
    count(walked) FILTER (walked >= 0) AS walks,
    floor((avg(walked) FILTER (walked >= 0) + 500) / 1000)::BIGINT AS walk_mean,
    floor((quantile_cont(walked, 0.5) FILTER (walked >= 0) + 500) / 1000)::BIGINT AS walk_median,
    floor((quantile_cont(walked, 0.9) FILTER (walked >= 0) + 500) / 1000)::BIGINT AS walk_p90,
    floor((max(walked) FILTER (walked >= 0) + 500) / 1000)::BIGINT AS walk_longest
FROM aimed GROUP BY service ORDER BY service
"""
ORDER = """
SELECT service, count(called_after) AS called, coalesce(sum(chosen), 0)::BIGINT AS out_of_order
FROM aimed LEFT JOIN (SELECT visit, leg, count(*) AS chosen FROM kept
    WHERE type = 'called' AND json_extract_string(data, '$.rule') = 'chosen' GROUP BY visit, leg) USING (visit, leg)
GROUP BY service ORDER BY service
"""
REASONS = """
SELECT json_extract_string(data, '$.reason') AS reason, count(*) AS out_of_order FROM kept
WHERE type = 'called' AND json_extract_string(data, '$.rule') = 'chosen' GROUP BY reason ORDER BY reason
"""
COUNTERS = """
, days AS (
    SELECT visit, (min(wall) + 3600000) // 86400000 AS day FROM events WHERE type IN ('issued', 'walked_in') GROUP BY visit),
hall AS (
    SELECT seq, id, type, epoch, wall, steady, visit, coalesce(day, (wall + 3600000) // 86400000) AS day,
        json_extract(data, '$.counter')::INT AS counter, json_extract_string(data, '$.of') AS undoes
    FROM events LEFT JOIN days USING (visit)
    WHERE type IN ('counter_opened', 'counter_paused', 'counter_closed', 'called', 'walked_in', 'served', 'no_show', 'parked',
        'transferred', 'undone')),
gaps AS (
    SELECT seq AS since, day, least(following - steady, (day + 1) * 86400000 - 3600000 - wall) AS ms
    FROM (SELECT *, lead(steady) OVER w AS following, lead(epoch) OVER w AS epoch_after FROM hall
        WINDOW w AS (PARTITION BY day ORDER BY seq))
    WHERE epoch_after = epoch AND (wall + 3600000) // 86400000 = day AND following > steady),
desks AS (
    SELECT since, counter, arg_max(type, seq) AS state FROM gaps JOIN hall ON hall.day = gaps.day AND seq <= since
    WHERE starts_with(type, 'counter_') GROUP BY since, counter),
standing AS (
    SELECT since, hall.* FROM gaps JOIN hall ON hall.day = gaps.day AND hall.seq <= since
        LEFT JOIN hall AS undo ON undo.undoes = hall.id AND undo.seq <= since
    WHERE undo.id IS NULL AND hall.visit IS NOT NULL),
come AS (
    SELECT since, counter, arg_max(visit, seq) AS visit, max(seq) AS came FROM standing
    WHERE type IN ('called', 'walked_in') GROUP BY since, counter),
gone AS (
    SELECT since, visit, max(seq) AS went FROM standing
    WHERE type IN ('served', 'no_show', 'parked', 'transferred') GROUP BY since, visit),
stretches AS (
    SELECT desks.counter, ms, state, came IS NOT NULL AND coalesce(went, 0) < came AS busy
    FROM gaps JOIN desks USING (since) LEFT JOIN come ON come.since = gaps.since AND come.counter = desks.counter
        LEFT JOIN gone ON gone.since = gaps.since AND gone.visit = come.visit),
sums AS (
    SELECT counter, coalesce(sum(ms) FILTER (state = 'counter_opened'), 0)::BIGINT AS open,
        coalesce(sum(ms) FILTER (state = 'counter_opened' AND busy), 0)::BIGINT AS busy,
        coalesce(sum(ms) FILTER (state = 'counter_paused'), 0)::BIGINT AS paused
    FROM stretches GROUP BY counter)
SELECT counter, (open + 500) // 1000 AS open_time, (busy + 500) // 1000 AS busy_time, (open - busy + 500) // 1000 AS idle_time,
    (paused + 500) // 1000 AS pause_time, round(busy / nullif(open, 0), 4) AS busy_share
FROM sums WHERE open > 0 OR paused > 0 ORDER BY counter
"""
RATINGS = """
SELECT service, count(*) AS could_rate, count(score) AS ratings, round(count(score) / count(*), 4) AS response_rate,
    round(avg(score), 4) AS rating_mean, round(count(*) FILTER (score >= 3) / nullif(count(score), 0), 4) AS satisfied,
    count(*) FILTER (score = 1) AS rated_1, count(*) FILTER (score = 2) AS rated_2, count(*) FILTER (score = 3) AS rated_3,
    count(*) FILTER (score = 4) AS rated_4
FROM aimed LEFT JOIN (SELECT visit, leg, json_extract(data, '$.score')::INT AS score FROM events WHERE type = 'rated')
    USING (visit, leg)
WHERE last_type = 'served' GROUP BY service ORDER BY service
"""
PROMISES = """
SELECT aimed.service, count(*) AS promises, count(*) FILTER (called_after >= 0) AS promises_due,
    floor((avg(abs(seconds * 1000 - called_after)) FILTER (called_after >= 0) + 500) / 1000)::BIGINT AS error_mean,
    floor((quantile_cont(abs(seconds * 1000 - called_after), 0.5) FILTER (called_after >= 0) + 500) / 1000)::BIGINT AS error_median,
    floor((quantile_cont(abs(seconds * 1000 - called_after), 0.9) FILTER (called_after >= 0) + 500) / 1000)::BIGINT AS error_p90,
    floor((avg(seconds * 1000 - called_after) FILTER (called_after >= 0) + 500) / 1000)::BIGINT AS bias,
    round(avg((called_after BETWEEN low * 1000 AND high * 1000)::INT) FILTER (called_after >= 0), 4) AS coverage,
    floor((avg((high - low) * 1000) FILTER (called_after >= 0) + 500) / 1000)::BIGINT AS range_mean
FROM promises JOIN aimed USING (visit, leg) GROUP BY aimed.service ORDER BY aimed.service
"""


def by_duckdb(conn: Any, select: str) -> list[dict[str, Any]]:
    """Figures over all of a journal that no table of visits, legs or ratings was asked for; what was told is in none.

    Local days are those of UTC+1, which the hall keeps in the months of the test.
    """
    duck = duckdb.connect()
    names = "seq BIGINT, id TEXT, type TEXT, epoch TEXT, wall BIGINT, steady BIGINT, visit TEXT, leg INT, data JSON"
    duck.execute(f"CREATE TABLE events ({names})")
    duck.executemany(
        "INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?)",
        conn.execute("SELECT seq, id, type, epoch, at, steady, visit, leg, data FROM events").fetchall(),
    )
    duck.execute("CREATE TABLE services (id TEXT, target_s BIGINT)")
    duck.executemany("INSERT INTO services VALUES (?,?)", conn.execute("SELECT id, target_s FROM services").fetchall())
    duck.execute("CREATE TABLE promises (visit TEXT, leg INT, seconds BIGINT, low BIGINT, high BIGINT)")
    told = conn.execute("SELECT visit, leg, seconds, low, high FROM promises").fetchall()
    duck.executemany("INSERT INTO promises VALUES (?,?,?,?,?)", told or [(None,) * 5])
    found = duck.execute(SQL.replace("{select}", select))
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("seed", range(6))
def test_duckdb_over_the_raw_journal_agrees_to_the_second(unit: Unit, clock: ToldClock, seed: int) -> None:
    visits: list[str] = []
    live_a_while(unit, clock, random.Random(seed), visits, 150)
    period = reports.Period(date(2026, 11, 1), date(2026, 12, 31))
    with unit.reading() as conn:
        expected, rated, promised, order = (by_duckdb(conn, select) for select in (LEGS, RATINGS, PROMISES, ORDER))
        made = [make(conn, reports.Request(kind, period, ("service",)), ZONE) for kind in KINDS_BY_SERVICE]
        reasons, worked = by_duckdb(conn, REASONS), by_duckdb(conn, COUNTERS)
        by_reason = make(conn, reports.Request("out-of-order", period, ("reason",)), ZONE).rows
        by_counter = make(conn, reports.Request("counters", period, ("counter",)), ZONE).rows
    assert len(expected) == len(made[0].rows)
    for row, waits, times in zip(expected, made[0].rows, made[1].rows, strict=True):
        assert {name: {**waits, **times}[name] for name in row} == row
    assert made[2].rows == promised
    hide_small_groups(by_service := {(row["service"],): row for row in rated}, hidden_in(made[3].rows))
    assert {(row["service"],): row for row in made[3].rows} == by_service
    assert made[4].rows == order
    assert [{name: row[name] for name in ("reason", "out_of_order")} for row in by_reason] == reasons
    assert by_counter == worked
    assert promised
    assert rated
    assert worked


def hidden_in(rows: list[dict[str, Any]]) -> set[tuple[str]]:
    return {(row["service"],) for row in rows if row["ratings"] is None}


STEP = re.compile(r"^\| (\d\d:\d\d:\d\d) \| (.+?) \|$", re.M)
FIGURE = re.compile(r"^\| `(\w+)` \| .+ \| ([\d.,–−]+) \|$", re.M)
RATED = re.compile(r"^\| \d \| ([1-4–]) \|$", re.M)
TOLD = re.compile(r"^\| [A-E] \| ([\d,]+) s \| ([\d,]+) s to ([\d,]+) s \| ([\d,]+ s|–) \|$", re.M)


def the_day(unit: Unit, clock: ToldClock, text: str) -> None:
    """Do through the real queue what the document's table says."""
    visits: dict[str, str] = {}
    start = clock.moment.at
    for at, what in STEP.findall(text):
        hours, minutes, seconds = map(int, at.split(":"))
        clock.pass_by((start - clock.moment.at) / 1000 + (hours - 9) * 3600 + minutes * 60 + seconds)
        words = what.split()
        if words[0] == "counter":
            at_the_counter(unit, words[2:], visits)
        elif words[1] == "takes":
            visits[words[0]] = unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
        else:
            unit.visits.cancel(visits[words[0]], KIOSK)


def at_the_counter(unit: Unit, words: list[str], visits: dict[str, str]) -> None:
    verb = words[0]
    if verb == "calls" and len(words) > 2:
        unit.visits.call(1, visits[words[1]], words[-1], CLERK)
    elif verb == "calls":
        called = unit.visits.call_next(1, CLERK)
        assert called is not None
        assert called["visit"] == visits[words[1]]
    elif verb in ("opens", "pauses", "closes"):
        unit.visits.desk(1, verb.rstrip("s") if verb != "closes" else "close", CLERK)
    else:
        unit.visits.at_counter(1, {"starts": Action.START, "finishes": Action.FINISH, "marks": Action.NO_SHOW}[verb], CLERK)


def test_the_worked_day_of_the_document_comes_out_as_written(unit: Unit, clock: ToldClock) -> None:
    text = example("A worked day")
    the_day(unit, clock, text)
    compare(unit, text)


def test_the_worked_ratings_come_out_as_written(unit: Unit, clock: ToldClock) -> None:
    text = example("Worked ratings")
    unit.visits.desk(1, "open", CLERK)
    for score in RATED.findall(text):
        visit = unit.visits.walk_direct(1, Order("etat-civil", "ar"), CLERK)["visit"]
        unit.visits.at_counter(1, Action.FINISH, CLERK)
        if score != "–":
            said = ratings.Rating(visit, int(score), (), "phone")
            unit.writer.run(lambda conn, said=said: ratings.rate(conn, unit.journal, clock(), said, ZONE, tell_portal=False))
    compare(unit, text)


def test_the_worked_estimates_come_out_as_written(unit: Unit, clock: ToldClock) -> None:
    text = example("Worked estimates")
    unit.visits.desk(1, "open", CLERK)
    for told, low, high, after in TOLD.findall(text):
        visit = unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
        estimate = Estimate(seconds=number(told), low=number(low), high=number(high))

        def keep(conn: Any, visit: str = visit, estimate: Estimate = estimate) -> None:
            promises.keep(conn, current_leg(conn, visit)[1], 2, estimate, "x", True)

        unit.writer.run(keep)
        if after == "–":
            unit.visits.cancel(visit, KIOSK)
        else:
            clock.pass_by(number(after.removesuffix(" s")))
            unit.visits.call_next(1, CLERK)
            unit.visits.at_counter(1, Action.NO_SHOW, CLERK)
    compare(unit, text)


def test_each_figure_has_its_example() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert {name for name, _ in FIGURE.findall(text)} == set(FIGURES)


def example(title: str) -> str:
    """A section of the document."""
    return DOCUMENT.read_text(encoding="utf-8").split(f"## {title}\n")[1].split("\n## ")[0]


def compare(unit: Unit, text: str) -> None:
    """Every figure of the example against the reports."""
    with unit.reading() as conn:
        totals = [make(conn, reports.Request(kind, DAY), ZONE).total for kind in KINDS]
    made = {name: value for total in totals for name, value in total.items()}
    written = {name: number(value) for name, value in FIGURE.findall(text)}
    assert written
    assert written == {name: value for name, value in made.items() if name in written}


def number(text: str) -> int | float:
    value = float(text.replace(",", "").replace("−", "-"))
    return int(value) if value.is_integer() else value
