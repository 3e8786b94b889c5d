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
    for _ in range(30):
        waits.append(wait_of(attempts))
        steady.now += waits[-1]
        assert wait_of(attempts) == 0
    assert waits[:9] == [2, 3, 5, 9, 17, 33, 65, 129, 257]
    assert set(waits[9:]) == {257, 301}


def test_an_hour_later_a_persons_mistakes_are_forgotten(attempts: Attempts, steady: Steady) -> None:
    for _ in range(5):
        attempts.begin(SALMA, HERE)
    assert wait_of(attempts) > 0
    steady.now += 3600
    assert attempts.left_s(SALMA) == 0
    assert [wait_of(attempts) for _ in range(5)] == [0] * 5


@pytest.mark.parametrize("gives_up", [False, True])
def test_ten_clerks_who_mistype_once_a_day_never_block_the_pc_they_share(
    attempts: Attempts, steady: Steady, gives_up: bool
) -> None:
    for _ in range(30):
        for clerk in range(10):
            assert wait_of(attempts, of_login(f"clerk-{clerk}")) == 0
            if not gives_up:
                assert wait_of(attempts, of_login(f"clerk-{clerk}")) == 0
                attempts.succeeded(of_login(f"clerk-{clerk}"), HERE)
            steady.now += 60
        steady.now += 8 * 3600


def test_who_signs_in_takes_back_the_own_typos_and_not_the_guesses_at_others(attempts: Attempts) -> None:
    for _ in range(4):
        attempts.begin(SALMA, HERE)
    for number in range(15):
        attempts.begin(of_login(f"login-{number}"), HERE)
    attempts.begin(SALMA, HERE)
    attempts.succeeded(SALMA, HERE)
    assert [wait_of(attempts, of_login(f"another-{number}")) for number in range(5)] == [0] * 5
    assert wait_of(attempts, of_login("one-more")) > 0, "fifteen guesses at others were not taken back"
    for _ in range(3):
        attempts.succeeded(SALMA, HERE)
    assert wait_of(attempts, of_login("one-more")) > 0


@pytest.mark.parametrize(("spread", "free"), [(1, 15), (1000, 30)])
@pytest.mark.parametrize("pause_s", [1, 3600, 5 * 3600])
def test_forgetting_gives_a_guesser_no_more_guesses_than_the_longest_wait_does(
    attempts: Attempts, steady: Steady, spread: int, free: int, pause_s: int
) -> None:
    """Whoever guesses as fast as it is heard, or bursts and then rests until that is forgotten; at one account or at a thousand."""
    begun, guesses = steady.now, 0
    while steady.now - begun < 24 * 3600:
        wait = wait_of(attempts, of_login(f"login-{guesses % spread}"))
        guesses += not wait
        steady.now += 0 if not wait else max(wait, pause_s if wait > 60 else 0)
    assert guesses <= (steady.now - begun) / 300 + free


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
    assert attempts.left_s(SALMA) > 0, "the place must wait, and the manager sees it"
    assert wait_of(attempts) > 0
    attempts.end(SALMA)
    assert wait_of(attempts) == 0


def test_a_manager_lets_somebody_in_whose_pc_others_blocked(attempts: Attempts) -> None:
    for number in range(20):
        attempts.begin(of_login(f"login-{number}"), HERE)
    assert attempts.left_s(SALMA) == 0, "not seen here yet"
    assert wait_of(attempts) > 0
    assert attempts.left_s(SALMA) > 0
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
    for number in range(20):
        attempts.begin(of_login(f"login-{number}"), HERE)
    for number in range(25_000):
        assert wait_of(attempts, of_login(f"refused-{number}")) > 0
    assert len(attempts._places) < 12_000
