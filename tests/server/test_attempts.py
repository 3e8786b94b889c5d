"""Lock-outs grow, say how long they last, and can be ended."""

from __future__ import annotations

import pytest

from server.access.attempts import Attempts, of_login
from server.errors import TooManyAttempts

SALMA, IDIR = of_login("salma"), of_login("idir")
HERE, THERE = ("place", "192.0.2.1"), ("place", "192.0.2.2")


class Steady:
    """Seconds that pass when told."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def steady() -> Steady:
    return Steady()


@pytest.fixture
def attempts(steady: Steady) -> Attempts:
    return Attempts(steady)


def wait_of(attempts: Attempts, about: tuple[str, str] = SALMA, place: tuple[str, str] = HERE) -> int:
    """The seconds that the refusal names; 0 when the attempt is heard."""
    try:
        attempts.begin(about, place)
    except TooManyAttempts as refusal:
        return int(refusal.params["seconds"])
    return 0


def test_five_attempts_are_free_then_each_waits_twice_as_long_up_to_five_minutes(attempts: Attempts, steady: Steady) -> None:
    assert [wait_of(attempts) for _ in range(5)] == [0] * 5
    waits = []
    for _ in range(12):
        waits.append(wait_of(attempts))
        steady.now += waits[-1]
        assert wait_of(attempts) == 0
    assert waits == [2, 3, 5, 9, 17, 33, 65, 129, 257, 301, 301, 301]


def test_an_attempt_counts_before_it_is_judged_so_many_at_once_are_no_way_around(attempts: Attempts) -> None:
    heard = [wait_of(attempts) == 0 for _ in range(50)]
    assert heard.count(True) == 5


def test_the_right_password_begins_anew(attempts: Attempts) -> None:
    for _ in range(4):
        attempts.begin(SALMA, HERE)
    attempts.begin(SALMA, HERE)
    attempts.succeeded(SALMA, HERE)
    assert [wait_of(attempts) for _ in range(5)] == [0] * 5


def test_capitals_make_no_other_login(attempts: Attempts) -> None:
    for login in ("salma", "Salma", "SALMA", "sALMA", "salmA"):
        attempts.begin(of_login(login), HERE)
    assert wait_of(attempts) > 0


def test_one_place_may_not_try_many_logins(attempts: Attempts) -> None:
    for number in range(20):
        attempts.begin(of_login(f"login-{number}"), HERE)
    assert wait_of(attempts, IDIR, HERE) > 0
    assert wait_of(attempts, IDIR, THERE) == 0


def test_a_manager_ends_the_lock_out_of_a_person_and_of_where_they_tried(attempts: Attempts) -> None:
    for number in range(16):
        attempts.begin(of_login(f"login-{number}"), HERE)
    for _ in range(4):
        attempts.begin(SALMA, HERE)
    assert attempts.left_s(SALMA) == 0
    assert wait_of(attempts) > 0, "the place must wait"
    attempts.end(SALMA)
    assert wait_of(attempts) == 0


def test_it_says_how_long_a_person_must_wait(attempts: Attempts, steady: Steady) -> None:
    assert attempts.left_s(SALMA) == 0
    for _ in range(5):
        attempts.begin(SALMA, HERE)
    steady.now += 0.25
    assert attempts.left_s(SALMA) == 1
    steady.now += 1
    assert attempts.left_s(SALMA) == 0


def test_what_it_remembers_is_bounded(attempts: Attempts) -> None:
    for number in range(25_000):
        attempts.begin(of_login(f"login-{number}"), ("place", f"p{number}"))
    assert len(attempts._wrong) < 12_000
