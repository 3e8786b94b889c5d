"""Which call a LED board shows, and for how long."""

from __future__ import annotations

from display.holding import EMPTY, MOST_WAITING, Holding, Shown


def called(*tickets: str, counter: int = 1, recalls: int = 0) -> list[Shown]:
    """Calls, the oldest first."""
    return [Shown(ticket, counter, f"2026-11-23T08:00:{number:02d}.000Z", recalls) for number, ticket in enumerate(tickets)]


def seen(holding: Holding, begin: float, end: float, step: float = 0.5) -> list[tuple[float, str | None]]:
    """What the board shows, with the time of each change."""
    found: list[tuple[float, str | None]] = []
    now = begin
    while now <= end:
        holding.tick(now)
        if not found or found[-1][1] != holding.shown.ticket:
            found.append((now, holding.shown.ticket))
        now += step
    return found


def test_of_two_calls_in_one_second_each_is_shown_for_four_seconds_at_least() -> None:
    holding = Holding()
    holding.take([])
    first, second = called("A001", "A002")
    holding.take([first])
    assert holding.tick(10.0) is None
    holding.take([second, first])
    assert holding.tick(10.5) == 3.5
    assert seen(holding, 11.0, 20.0) == [(11.0, "A001"), (14.0, "A002")]


def test_what_was_called_before_the_board_was_there_is_not_called_again() -> None:
    holding = Holding()
    holding.take(called("A001", "A002", "A003")[::-1])
    assert seen(holding, 0.0, 20.0) == [(0.0, "A003")]


def test_a_recall_goes_before_those_that_wait_and_takes_the_place_of_its_own_call() -> None:
    holding = Holding()
    holding.take([])
    first, second, third = called("A001", "A002", "A003")
    holding.take([third, second, first])
    holding.tick(0.0)
    again = Shown("A003", 1, "2026-11-23T08:00:09.000Z", 1)
    holding.take([again, second, first])
    assert seen(holding, 0.5, 20.0) == [(0.5, "A001"), (4.0, "A003"), (8.0, "A002")]


def test_a_call_that_was_taken_back_is_not_shown_and_the_day_ends_empty() -> None:
    holding = Holding()
    holding.take([])
    first, second, third = called("A001", "A002", "A003")
    holding.take([first])
    holding.tick(0.0)
    holding.take([third, second, first])
    holding.take([third, first])
    assert seen(holding, 0.5, 20.0) == [(0.5, "A001"), (4.0, "A003")]
    holding.take([first])
    assert holding.shown == first
    holding.take([])
    assert holding.shown == EMPTY


def test_a_board_never_lags_by_more_than_ten_calls() -> None:
    holding = Holding()
    holding.take([])
    many = called(*(f"A{number:03d}" for number in range(30)))
    holding.take(many[::-1])
    assert [ticket for _, ticket in seen(holding, 0.0, 200.0)] == [call.ticket for call in many[-MOST_WAITING:]]
