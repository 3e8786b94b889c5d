"""The estimate's pure parts: ordered, rounded, sober at first, learning later, and blind to the future."""

from __future__ import annotations

import random
from datetime import UTC
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.estimates.calibration import Calibration
from server.estimates.estimator import FIRST_GAPS, QUEUE_LENGTH, REGRESSION, Estimator, Guess, Joining
from server.estimates.evaluation import DAY_MEAN, LAST_TO_ENTER, OURS, Walk, measure, pinball, table
from server.estimates.line import Line, scaled
from server.estimates.ridge import Ridge, forecast
from server.estimates.rounding import COARSEST_S, Estimate, rounded
from server.estimates.visits_file import Record
from tests.server.estimates.invented_halls import BANK, CALL_CENTRE, QUIET, Hall, Stay, visitors

seconds = st.floats(0, 200_000, allow_nan=False)


@given(st.tuples(seconds, seconds, seconds))
def test_what_is_told_is_round_ordered_and_never_below_nothing(drawn: tuple[float, float, float]) -> None:
    low, point, high = sorted(drawn)
    told = rounded(Guess(point, low, high, QUEUE_LENGTH))
    assert 0 <= told["low"] <= told["seconds"] <= told["high"]
    assert told["seconds"] >= 60
    assert told["low"] <= low or told["low"] == told["seconds"] == 60
    assert told["high"] >= high
    for told_s, true_s in ((told["low"], low), (told["high"], high)):
        step = 60 if true_s < 300 else 300 if true_s < 3600 else COARSEST_S
        assert told_s % step == 0
        assert abs(told_s - true_s) <= max(step, 60)


def test_it_says_about_twenty_usually_ten_to_thirty() -> None:
    assert rounded(Guess(1290, 780, 1510, QUEUE_LENGTH)) == Estimate(seconds=1200, low=600, high=1800)
    assert rounded(Guess(130, 61, 241, QUEUE_LENGTH)) == Estimate(seconds=120, low=60, high=300)
    assert rounded(Guess(5000, 3700, 7300, QUEUE_LENGTH)) == Estimate(seconds=5400, low=3600, high=8100)


def test_queue_length_counts_only_gaps_in_which_somebody_waited() -> None:
    queue = Line()
    for number in range(3):
        queue.join(str(number), 0.0)
    for number, at in enumerate((100.0, 200.0, 300.0)):
        queue.call(str(number), at, at, 1)
    queue.join("late", 5000.0)
    queue.call("late", 5060.0, 60.0, 1)
    assert list(queue.gaps) == [100.0, 100.0, 100.0, 60.0]
    assert queue.queue_length_s(ahead=3, counters=1) == 4 * 90.0


def test_queue_length_follows_the_counters_that_are_open() -> None:
    queue = Line()
    for number in range(4):
        queue.join(str(number), 0.0)
        queue.join(f"more-{number}", 0.0)
    for number in range(4):
        queue.call(str(number), 100.0 * (number + 1), 0.0, 2)
    assert queue.queue_length_s(ahead=1, counters=2) == 200.0
    assert queue.queue_length_s(ahead=1, counters=1) == 400.0
    assert queue.queue_length_s(ahead=1, counters=0) is None


def test_whoever_never_comes_back_stops_counting_as_ahead() -> None:
    queue = Line()
    queue.join("gone", 0.0)
    queue.features(3 * 3600.0, 0, 1)
    assert len(queue) == 0


def test_a_call_taken_back_leaves_no_trace_in_the_waits() -> None:
    queue = Line()
    queue.join("one", 0.0)
    queue.call("one", 60.0, 60.0, 1)
    queue.back("one", 65.0, 0.0, counted=True)
    assert (len(queue), list(queue.waits)) == (1, [])


def half_called(called: int = 8) -> Estimator:
    """Ten came at the same time, one is called each hundred seconds."""
    estimator = Estimator(UTC)
    for number in range(10):
        estimator.join(str(number), Joining("s", 0.0))
    for number in range(called):
        estimator.call(str(number), 100.0 * (number + 1))
    return estimator


def told_later(estimator: Estimator) -> Guess:
    guess = estimator.estimate(Joining("s", 5010.0))
    assert guess is not None
    return guess


def test_taking_up_who_was_aside_and_taking_that_back_changes_nothing() -> None:
    plainly, taken_up = half_called(), half_called()
    for estimator in (plainly, taken_up):
        estimator.leave("7")
    taken_up.call("7", 5000.0)
    taken_up.uncall("7", 5005.0)
    assert told_later(taken_up) == told_later(plainly)
    taken_up.call("7", 5007.0)
    assert told_later(taken_up) == told_later(plainly), "nothing is learnt from a wait that was none"


def test_who_was_put_back_waits_again_when_the_call_is_taken_back_and_no_other_wait_is_forgotten() -> None:
    called, taken_back = half_called(), half_called()
    for estimator in (called, taken_back):
        estimator.join_again("7", Joining("s", 820.0))
        estimator.call("7", 5000.0)
    taken_back.uncall("7", 5005.0)
    assert told_later(taken_back).seconds > told_later(called).seconds
    line = Line()
    for name in ("one", "two"):
        line.join(name, 0.0)
    line.call("one", 60.0, 60.0, 1)
    line.call("two", 90.0, None, 1)
    line.back("two", 95.0, 0.0, counted=False)
    assert (len(line), list(line.waits)) == (1, [60.0])


def test_nothing_is_said_below_the_minimum_of_evidence() -> None:
    estimator = Estimator(UTC)
    for number in range(FIRST_GAPS + 1):
        assert estimator.join(str(number), Joining("s", 1e9 + number)) is None
    for number in range(FIRST_GAPS):
        assert estimator.estimate(Joining("s", 1e9 + 300)) is None
        estimator.call(str(number), 1e9 + 60 * (number + 1))
    guess = estimator.estimate(Joining("s", 1e9 + 301))
    assert guess is not None
    assert guess.method == QUEUE_LENGTH
    assert 0 <= guess.low <= guess.seconds <= guess.high
    assert estimator.estimate(Joining("s", 1e9 + 301, counters=0)) is None


def test_who_has_more_people_ahead_is_told_a_longer_wait_at_first() -> None:
    estimator = Estimator(UTC)
    for number in range(20):
        estimator.join(str(number), Joining("s", 1e9 + number))
        estimator.call(str(number), 1e9 + number + 0.5)
    few, many = (estimator.estimate(Joining("s", 1e9 + 30, "elderly", ahead)) for ahead in (0, 400))
    assert few is not None
    assert many is not None
    assert few.seconds < many.seconds


def test_the_regression_finds_the_line_that_made_the_data() -> None:
    dice, ridge = random.Random(1), Ridge(3)
    for _ in range(3000):
        x = [dice.gauss(0, 1), dice.gauss(3, 2), dice.gauss(-1, 0.5)]
        ridge.add(x, 2.0 + 0.5 * x[0] - 0.25 * x[1] + dice.gauss(0, 0.01), 1.0)
    assert ridge.solve() == pytest.approx([2.0, 0.5, -0.25, 0.0], abs=0.02)
    assert forecast(ridge.solve(), [1.0, 1.0, 1.0]) == pytest.approx(2.25, abs=0.03)


def test_features_that_never_change_do_not_break_the_regression() -> None:
    ridge = Ridge(2)
    for number in range(300):
        ridge.add([1.0, 0.0], float(number % 2), 1.0)
    assert forecast(ridge.solve(), [1.0, 0.0]) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("spread", [0.1, 0.5, 1.5])
def test_ranges_hold_four_of_five_also_after_the_hall_has_changed(spread: float) -> None:
    dice, calibration, hits = random.Random(3), Calibration(), []
    for number in range(6000):
        wide = spread * (1 if number < 3000 else 2.5)
        size = scaled(dice.uniform(60, 3600))
        actual = size + dice.gauss(0.0, wide)
        found = calibration.spread("s", size)
        hits.append(size + found.low <= actual <= size + found.high)
        calibration.learn("s", size, actual)
    assert 0.77 <= fmean(hits) <= 0.84
    assert 0.74 <= fmean(hits[3300:]) <= 0.86


def records(stays: list[Stay]) -> list[Record]:
    return [
        Record(n, one.arrival, one.call, one.start, one.end, one.service, str(one.counter), one.priority, ())
        for n, one in enumerate(stays)
    ]


@pytest.mark.parametrize(("hall", "days"), [(BANK, 20), (QUIET, 25), (CALL_CENTRE, 4)], ids=["bank", "quiet", "call centre"])
def test_on_halls_it_never_saw_it_beats_the_baselines_and_keeps_its_promise(hall: Hall, days: int) -> None:
    measures = table(Walk(UTC).through(records(visitors(hall, days, seed=11))))
    assert measures[OURS].mean_error < 0.78 * measures[LAST_TO_ENTER].mean_error
    assert measures[OURS].mean_error < 0.86 * measures[DAY_MEAN].mean_error
    assert 0.77 <= measures[OURS].coverage <= 0.83


def test_nothing_said_depends_on_what_comes_later() -> None:
    """Whatever happens from a moment on is made up anew; what was said until then stays the same to the last bit."""
    stays = visitors(BANK, 6, seed=5)
    cut, dice = stays[len(stays) * 2 // 3].arrival, random.Random(9)

    def scrambled(one: Record) -> Record:
        """Arrivals from `cut` on are others; calls and ends from then on come at other times, whoever they are of."""
        if one.arrival is not None and one.arrival >= cut:
            arrival = cut + dice.uniform(0, 9000)
            return Record(one.line, arrival, arrival + dice.uniform(0, 5000), None, None, dice.choice("xyz"), "", "", ())
        call = one.call if one.call is None or one.call < cut else cut + dice.uniform(0, 9000)
        end = one.end if one.end is None or one.end < cut else cut + dice.uniform(0, 9000)
        return Record(one.line, one.arrival, call, None, end, one.service, "", "", ())

    plain = [Record(n, s.arrival, s.call, None, s.end, s.service, "", "", ()) for n, s in enumerate(stays)]
    said = {case.line: case.said for case in Walk(UTC).through(plain) if case.at < cut}
    again = {case.line: case.said for case in Walk(UTC).through([scrambled(one) for one in plain]) if case.at < cut}
    assert len(said) > 500
    assert any(guess.method == REGRESSION for one in said.values() for guess in one.values())
    assert again == said


def test_measures_are_what_their_names_say() -> None:
    cases = [(Guess(600, 300, 900, ""), 700.0), (Guess(600, 300, 900, ""), 200.0), (Guess(100, 0, 300, ""), 100.0)]
    found = measure(cases)
    assert (found.cases, found.mean_error, found.median_error) == (3, pytest.approx(500 / 3), 100.0)
    assert (found.coverage, found.width) == (pytest.approx(2 / 3), pytest.approx(500.0))
    assert found.bias == pytest.approx(300 / 3)
    assert pinball(0.9, 300.0, 400.0) == pytest.approx(90.0)
    assert pinball(0.9, 400.0, 300.0) == pytest.approx(10.0)
