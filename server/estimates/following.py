"""The estimator beside the hall: it follows the journal after each commit and is asked by tickets, pages and screens.

Times are the steady clock's, in seconds. Whatever fails here is logged and costs an estimate, never a ticket.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from server import journal, setup
from server.clock import Clock, Moment, local_day
from server.estimates import history, promises
from server.estimates.counters import Counters, read_counters
from server.estimates.estimator import ENOUGH_HISTORY, ORDINARY, REGRESSION, Estimator, Guess, Joining
from server.estimates.history import leg_id
from server.estimates.rounding import Estimate, rounded
from server.estimates.trust import Trust
from server.lifecycle import ACTION_OF, UNDONE, Action, Event, Leg
from server.periodic import Periodic

log = logging.getLogger(__name__)

CHOICE = "estimates_after_waits"
"""The manager's choice of how many waits are history enough for the regression."""
IMPORTER = "import"
"""The actor of visits that were taken over from another system; a start relives them in their order."""
BOARD_EVERY_MS = 2000
RELIVED_AT_ONCE = 500
NIGHTLY_CHECK_S = 60.0
STANDING = frozenset({*ACTION_OF, "issued", UNDONE})
"""Events of visits that change who waits."""

P = ParamSpec("P")
R = TypeVar("R")


def never_failing(method: Callable[Concatenate[Follower, P], R]) -> Callable[Concatenate[Follower, P], R | None]:
    """None, and a line in the log, where an estimate could not be made: tickets go on without."""

    @wraps(method)
    def guarded(self: Follower, /, *args: P.args, **kwargs: P.kwargs) -> R | None:
        try:
            with self.lock:
                return method(self, *args, **kwargs)
        except Exception:
            log.exception("%s failed; the hall goes on without estimates", method.__name__)
            return None

    return guarded


class Follower:
    """One estimator, the counters as they stand, and which services have earned to be heard."""

    def __init__(self, zone: ZoneInfo, now: Clock) -> None:
        self.lock = threading.RLock()
        self._zone = zone
        self._now = now
        self._estimator = Estimator(zone)
        self._counters = Counters()
        self._trust: defaultdict[str, Trust] = defaultdict(Trust)
        self._seq = 0
        self._day = ""
        self._ahead: dict[str, int] = {}
        self._board: dict[str, tuple[int, int, Estimate | None]] = {}

    def begin(self, reading: Callable[[], AbstractContextManager[Any]]) -> None:
        """Relive the newest past: a short one at once, a long one beside the first tickets, which go without estimates."""
        with reading() as conn:
            short = conn.execute("SELECT COUNT(*) FROM (SELECT 1 FROM legs LIMIT ?)", (RELIVED_AT_ONCE + 1,)).fetchone()[0]
            self._seq = journal.last_seq(conn)  # the first tickets must not wait until all of the past was read
        if short <= RELIVED_AT_ONCE:
            self._relive(reading)
        else:
            threading.Thread(target=self._relive, args=(reading,), name="estimates-begin", daemon=True).start()

    def _relive(self, reading: Callable[[], AbstractContextManager[Any]]) -> None:
        """An estimator that has relived what one snapshot of the database tells; what came later it follows."""
        try:
            with reading() as conn:
                conn.execute("BEGIN")
                try:
                    self._swap_in(conn, history.relived(conn, self._zone, int(setup.choice(conn, CHOICE, ENOUGH_HISTORY))))
                finally:
                    conn.execute("COMMIT")
        except Exception:  # the outermost call of its thread
            log.exception("the past could not be relived; estimates begin anew")

    def _swap_in(self, conn: Any, estimator: Estimator) -> None:
        with self.lock:
            self._estimator, self._seq = estimator, journal.last_seq(conn)
            self._day = local_day(self._now().at, self._zone)
            self._read_counters(conn)
            for kept in promises.latest(conn, history.LEGS):
                self._trust[kept.service].learn(kept.hit)

    @never_failing
    def follow(self, conn: Any) -> None:
        """Take in what was committed since the last time."""
        for event in journal.read(conn, self._seq):
            self._seq = event.seq
            if event.actor != IMPORTER:
                self._take(conn, event)

    @never_failing
    def promise(self, conn: Any, now: Moment, leg: Leg, people_ahead: int, of_newcomer: int) -> Estimate | None:
        """For a leg that joins now: estimated, kept beside it, and told unless its service is silent.

        `of_newcomer` differs from `people_ahead` when it keeps an earlier place in the queue.
        """
        if leg.for_counter is not None or leg.for_clerk is not None or leg.due_at is not None:
            return None
        joining = self._joining(conn, now, leg.service, leg.priority)
        self._ahead[leg_id(leg.visit, leg.leg)] = joining.ahead or 0
        guess = self._at_most_ordinary(conn, now, joining, self._estimator.estimate(joining, _share(people_ahead, of_newcomer)))
        if guess is None:
            return None
        told = rounded(guess)
        silent = self._trust[leg.service].silent
        promises.keep(conn, leg, people_ahead, told, guess.method, not silent)
        return None if silent else told

    @never_failing
    def came_true(self, conn: Any, leg: Leg) -> None:
        """A leg was called, left or was put aside, or one of these was taken back."""
        promises.settle(conn, leg)

    @never_failing
    def remaining(self, conn: Any, now: Moment, leg: Leg, people_ahead: int, of_newcomer: int) -> Estimate | None:
        """For somebody who waits already, by the part of the queue that is before them (`of_newcomer`: before who came now)."""
        if leg.for_counter is not None or leg.for_clerk is not None or leg.due_at is not None:
            return None
        joining = self._joining(conn, now, leg.service, None if leg.put_back else leg.priority)
        guess = self._estimator.estimate(joining, _share(people_ahead, of_newcomer))
        return self._told(leg.service, self._at_most_ordinary(conn, now, joining, guess))

    @never_failing
    def of_newcomer(self, conn: Any, now: Moment, service: str) -> Estimate | None:
        """For an ordinary visitor who would join now; looked at anew with each change of the queue, else every BOARD_EVERY_MS."""
        ahead = self._before(conn, service, None)
        at, before, estimate = self._board.get(service, (None, None, None))
        if at is None or before != ahead or not 0 <= now.steady - at < BOARD_EVERY_MS or not self._counters.open_for(service):
            estimate = self._told(service, self._estimator.estimate(self._joining(conn, now, service, None)))
            self._board[service] = (now.steady, ahead, estimate)
        return estimate

    @never_failing
    def founded(self, conn: Any, now: Moment, service: str, paused_after: int | None = None) -> Estimate | None:
        """As `of_newcomer`, for a decision: of this very moment, and None unless it rests on enough history.

        Counters that paused after the UTC millisecond `paused_after` are taken for open. The first days' estimate goes by the pace
        of the last calls alone, which says little of a hall where nobody waited.
        """
        guess = self._estimator.estimate(self._joining(conn, now, service, None, paused_after))
        return self._told(service, guess) if guess is not None and guess.method == REGRESSION else None

    def silent(self, service: str) -> bool:
        """Whether this service's ranges missed too often of late."""
        with self.lock:
            return self._trust[service].silent

    def why_silent(self, conn: Any, now: Moment, service: str) -> str | None:
        """Why whoever joins now is told nothing: `missed`, `no-counter`, `little-evidence`, `failed`; None when they are told."""
        if self.of_newcomer(conn, now, service) is not None:
            return None
        if self.silent(service):
            return "missed"
        with self.lock:
            return "little-evidence" if self._counters.open_for(service) else "no-counter"

    @never_failing
    def nightly(self) -> None:
        """Fit anew when the local day has changed."""
        today = local_day(self._now().at, self._zone)
        if today != self._day:
            self._day = today
            self._estimator.fit()

    def _told(self, service: str, guess: Guess | None) -> Estimate | None:
        return None if guess is None or self._trust[service].silent else rounded(guess)

    def _at_most_ordinary(self, conn: Any, now: Moment, joining: Joining, guess: Guess | None) -> Guess | None:
        """The guess, or an ordinary newcomer's where that is shorter: preference never makes anybody wait longer."""
        if guess is None or joining.klass in (None, ORDINARY):
            return guess
        ordinary = self._estimator.estimate(self._joining(conn, now, joining.service, None))
        return guess if ordinary is None or guess.seconds <= ordinary.seconds else ordinary

    def _joining(self, conn: Any, now: Moment, service: str, priority: str | None, paused_after: int | None = None) -> Joining:
        return Joining(
            service,
            now.steady / 1000,
            priority or ORDINARY,
            self._before(conn, service, priority),
            self._counters.open_for(service, paused_after),
        )

    def _before(self, conn: Any, service: str, priority: str | None) -> int:
        """How many wait now that counters which serve this service call before somebody who joins now."""
        view = sorted(self._estimator.view(service))
        only = "" if priority is None else " AND priority"
        query = f"SELECT COALESCE(SUM(count), 0) FROM waiting WHERE service IN ({', '.join('?' * len(view))}){only}"
        return int(conn.execute(query, view).fetchone()[0])

    def _take(self, conn: Any, event: Event) -> None:
        """One event of the journal."""
        if event.visit is None:
            self._read_counters(conn, event)
            self._estimator.set_enough_history(int(setup.choice(conn, CHOICE, ENOUGH_HISTORY)))
        if event.visit is None or event.leg is None or event.type not in STANDING:
            return
        id, at = leg_id(event.visit, event.leg), event.steady / 1000
        if event.type == "issued":
            self._joins(id, event.data["service"], event.data["priority"], at, event.data.get("due_at") is None)
        elif event.type == UNDONE:
            row = conn.execute("SELECT type FROM events WHERE id = ?", (event.data["of"],)).fetchone()
            if row == ("called",):
                self._estimator.uncall(id, at)
        else:
            self._moves(conn, ACTION_OF[event.type], event, id, at)

    def _moves(self, conn: Any, action: Action, event: Event, id: str, at: float) -> None:
        service, priority, due_at = conn.execute(
            "SELECT service, iif(put_back, NULL, priority), due_at FROM legs WHERE visit = ? AND leg = ?", (event.visit, event.leg)
        ).fetchone()
        if action is Action.CALL:
            self._estimator.call(id, at, max(1, self._counters.open_for(service)))
            if (kept := promises.of_leg(conn, str(event.visit), event.leg or 0)) is not None:
                self._trust[kept.service].learn(kept.hit)
        elif action in (Action.CANCEL, Action.EXPIRE, Action.PARK):
            self._estimator.leave(id)
        elif action in (Action.RECYCLE, Action.RESUME):
            self._joins(id, service, priority, at, counts=False)
        elif action is Action.TRANSFER:
            free = event.data.get("for_counter") is None and event.data.get("for_clerk") is None and due_at is None
            self._joins(leg_id(str(event.visit), (event.leg or 0) + 1), event.data["service"], priority, at, free)

    def _joins(self, id: str, service: str, priority: str | None, at: float, counts: bool) -> None:
        ahead = self._ahead.pop(id, None)
        joining = Joining(service, at, priority or ORDINARY, ahead, self._counters.open_for(service))
        if counts:
            self._estimator.join(id, joining)
        else:
            self._estimator.join_again(id, joining)

    def _read_counters(self, conn: Any, event: Event | None = None) -> None:
        before, self._counters = self._counters, read_counters(conn)
        self._estimator.set_views(self._counters.views)
        self._board.clear()
        for service in self._counters.views:
            if event is not None and self._counters.open_for(service) and not before.open_for(service):
                self._estimator.work_begins(service, event.steady / 1000)


def _share(people_ahead: int, of_newcomer: int) -> float:
    """The part of the queue that is before somebody who would have `of_newcomer` people before them, came they now."""
    return min(1.0, (people_ahead + 1) / (of_newcomer + 1))


def nightly_fit(follower: Follower) -> Periodic:
    """The worker that has the regression fitted each night: a few milliseconds, behind no ticket."""
    return Periodic("estimates", follower.nightly, NIGHTLY_CHECK_S)
