"""What alerts are judged by: plain data, read in one go."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from server import setup
from server.access.devices import devices
from server.calling import WorkProfile
from server.clock import MS, Moment
from server.feedback.dips import dip
from server.operations.backup.making import last_backups
from server.settings import Settings
from server.setup import AlertLimits, alert_limits
from server.sync import line
from server.visits.desks import attended


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to be told of. `kind` chooses the sentence, `subject` is whom it is about (an id or a name, "" for the hall).

    Two alerts that differ in anything are two: what is told of a cover that is open is not what is told of paper that is out.
    """

    kind: str
    subject: str = ""
    params: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Queue:
    """Who waits for a service now: how many, how long the longest (ms), within how long they should be called (ms)."""

    service: str
    waiting: int
    longest_ms: int
    target_ms: int


@dataclass(frozen=True, slots=True)
class FreeCounter:
    """A counter that is open and has nobody, while somebody waits whom it serves; since when so (steady ms)."""

    counter: int
    number: int
    since: int


@dataclass(frozen=True, slots=True)
class Facts:
    """`unserved`: services that somebody waits for and no counter calls for. `gone_displays` by name: since when each is missed
    (steady ms). `portal_contact`: UTC ms, None where nothing is sent over the network. `backups`: by place, when the last good one
    was made (UTC ms; when the unit began, before the first). `cant_seal`: there is a way to the portal, which was used, and no
    valid key of it. `clock_jumped`: the machine's clock was set anew and is not believed."""

    now: Moment
    limits: AlertLimits
    queues: Sequence[Queue] = ()
    free: Sequence[FreeCounter] = ()
    unserved: Sequence[str] = ()
    printers: Mapping[str, str] = field(default_factory=dict)
    gone_displays: Mapping[str, int] = field(default_factory=dict)
    portal_contact: int | None = None
    portal_refuses: bool = False
    backups: Mapping[str, int] = field(default_factory=dict)
    backup_hours: int = 0
    ratings_fell: bool = False
    cant_seal: bool = False
    clock_jumped: bool = False


USED_WITHIN_MS = 7 * 24 * 3600 * MS
"""A display that nobody has switched on for longer is not missed."""
MISSED_AFTER_MS = 5 * 60 * MS
"""After the server's start, or the first counter's opening, a display has so long to come before it counts as gone."""

Rule = Callable[[Facts], Iterable[Alert]]


class Reader:
    """Reads the facts; remembers from one reading to the next since when a counter is free in vain, and a display missed.

    `connected` gives the proofs of the screens that are open.
    """

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        printers: Callable[[], Mapping[str, str]],
        gone_displays: Callable[[], Mapping[str, Moment]],
        can_seal: Callable[[], bool],
        connected: Callable[[], Container[str]],
        clock_jumped: Callable[[], bool],
    ) -> None:
        self._folder, self._settings = folder, settings
        self._printers, self._gone_displays, self._can_seal = printers, gone_displays, can_seal
        self._connected, self._clock_jumped = connected, clock_jumped
        self._free_since: dict[int, int] = {}
        self._missed_since: dict[str, int] = {}

    def read(self, conn: Any, now: Moment) -> Facts:
        """The facts of this moment."""
        waiting = _waiting(conn, now)
        return Facts(
            now,
            alert_limits(conn),
            _queues(conn, now, waiting),
            self._free(conn, now, waiting),
            _unserved(conn, waiting),
            self._printers(),
            self._gone(conn, now),
            self._contact(conn),
            self._refuses(conn),
            self._backups(conn),
            self._settings.backup.warn_after_h,
            dip(conn, now.at, told=_told(conn, "ratings_fell")) is not None,
            self._cant_seal(conn),
            self._clock_jumped(),
        )

    def _free(self, conn: Any, now: Moment, waiting: Sequence[_Group]) -> list[FreeCounter]:
        rows = conn.execute(
            "SELECT id, number, clerk FROM counters c WHERE state = 'open' AND removed_at IS NULL AND NOT EXISTS"
            " (SELECT 1 FROM legs WHERE counter = c.id AND state IN ('called', 'serving')) ORDER BY number"
        ).fetchall()
        profiles = setup.work_profiles(conn) if rows else {}
        idle = [
            (id, number)
            for id, number, clerk in rows
            if any(_serves(profiles.get(id, WorkProfile()), id, clerk, one) for one in waiting)
        ]
        self._free_since = {id: self._free_since.get(id, now.steady) for id, _ in idle}
        return [FreeCounter(id, number, self._free_since[id]) for id, number in idle]

    def _gone(self, conn: Any, now: Moment) -> dict[str, int]:
        """Paired displays that were connected today and are not now, or of the last week while a counter is open."""
        zone, connected = self._settings.unit.zone, self._connected()
        paired = [device for device in devices(conn) if device.role == "display"]
        there = {one.name for one in paired if one.proof in connected}
        today = setup.service_day(conn, now.at, zone)
        gone = {
            name: moment.steady
            for name, moment in self._gone_displays().items()
            if name in {one.name for one in paired} - there and setup.service_day(conn, moment.at, zone) == today
        }
        used = {one.name for one in paired if one.last_seen_at is not None and now.at - one.last_seen_at <= USED_WITHIN_MS}
        missed = used - there - gone.keys() if _staffed(conn) else set()
        self._missed_since = {name: self._missed_since.get(name, now.steady) for name in missed}
        return {**gone, **{name: since + MISSED_AFTER_MS for name, since in self._missed_since.items()}}

    def _contact(self, conn: Any) -> int | None:
        if self._settings.portal.adapter != "https":
            return None
        return int(line.remembered(conn, "contact") or _began(conn))

    def _refuses(self, conn: Any) -> bool:
        if self._settings.portal.adapter == "none":
            return False
        refused = conn.execute("SELECT 1 FROM deliveries WHERE state IN ('rejected', 'aside') LIMIT 1").fetchone()
        return refused is not None or line.remembered(conn, "paused") is not None

    def _cant_seal(self, conn: Any) -> bool:
        used = self._settings.portal.adapter != "none" and line.remembered(conn, "contact") is not None
        return used and not self._can_seal()

    def _backups(self, conn: Any) -> dict[str, int]:
        known = last_backups(self._folder)
        good = {place: (known.get(place) or {}).get("good_at") for place in self._settings.backup.to}
        return {place: _ms(at) if at else _began(conn) for place, at in good.items()}


@dataclass(frozen=True, slots=True)
class _Group:
    """Those who wait for the same: service, counter and clerk who must call them; how many, since when the first (steady ms)."""

    service: str
    for_counter: int | None
    for_clerk: str | None
    count: int
    since: int


def _waiting(conn: Any, now: Moment) -> list[_Group]:
    rows = conn.execute(
        "SELECT service, for_counter, for_clerk, COUNT(*), MIN(joined_steady) FROM legs"
        " WHERE state = 'waiting' AND (due_at IS NULL OR due_at <= ?) GROUP BY 1, 2, 3",
        (now.at,),
    )
    there = attended(conn, now)
    found = []
    for service, counter, clerk, count, since in rows:
        bound = there.has(counter, clerk)
        found.append(_Group(service, counter if bound else None, clerk if bound else None, count, since))
    return found


def _queues(conn: Any, now: Moment, waiting: Sequence[_Group]) -> list[Queue]:
    found = []
    for service in setup.services(conn):
        groups = [group for group in waiting if group.service == service.id]
        longest = now.steady - min((group.since for group in groups), default=now.steady)
        found.append(Queue(service.id, sum(group.count for group in groups), longest, service.target_s * MS))
    return found


def _unserved(conn: Any, waiting: Sequence[_Group]) -> list[str]:
    """Whoever was sent to a counter or a clerk waits for these."""
    wanted = {group.service for group in waiting if group.for_counter is None and group.for_clerk is None}
    return setup.unserved(conn, sorted(wanted)) if wanted else []


def _serves(profile: WorkProfile, counter: int, clerk: str | None, group: _Group) -> bool:
    if group.for_counter is not None or group.for_clerk is not None:
        return group.for_counter == counter or (group.for_clerk is not None and group.for_clerk == clerk)
    return profile.serves(group.service)


def _staffed(conn: Any) -> bool:
    """Whether a counter is open or paused."""
    return conn.execute("SELECT 1 FROM counters WHERE state <> 'closed' AND removed_at IS NULL LIMIT 1").fetchone() is not None


def _told(conn: Any, kind: str) -> bool:
    """Whether an alert of this kind holds."""
    return conn.execute("SELECT 1 FROM alerts WHERE kind = ?", (kind,)).fetchone() is not None


def _began(conn: Any) -> int:
    """When the unit first ran, UTC ms."""
    return int(conn.execute("SELECT MIN(started_at) FROM epochs").fetchone()[0])


def _ms(rfc3339: str) -> int:
    return int(datetime.fromisoformat(rfc3339).timestamp() * MS)
