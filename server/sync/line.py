"""The line to the portal while the server runs: when it is tried, what is remembered of it, what the manager is told."""

from __future__ import annotations

import json
import logging
import math
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError

from portal.contract import sealing
from server.clock import rfc3339, wall_ms
from server.errors import Refused, UnitError
from server.files import write_whole
from server.journal import encode
from server.periodic import Periodic
from server.sync import outbox
from server.sync.adapters import Adapter, SyncFailed, SyncPaused
from server.sync.backoff import pause_s
from server.sync.drain import drain
from server.unit import Unit

log = logging.getLogger(__name__)

LOOK_S = 1.0
KEYS_FILE = "portal-keys.json"
KEYS_EVERY_S, KEYS_AGAIN_S = 24 * 3600, 3600
QUIET_S = 1800
"""A unit to which nothing happens for so long asks for the keys, so that it knows whether the portal is there: well within the hour
that `alerts` can be set to."""
REST_S = 0.1
"""Between two transactions of a backlog: tickets go first."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why nothing was sent: an English msgid with its params, and since when (UTC ms)."""

    message: str
    params: Mapping[str, Any]
    since: int


class Line:
    """Drains the outbox again and again, patiently; `follow` is called after that for what else is asked of the portal, and tells
    how often it knew. `steady` gives seconds that no change of the clock moves."""

    def __init__(
        self,
        unit: Unit,
        adapter: Adapter,
        follow: Callable[[Unit, Adapter], int] = lambda *_: 0,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._unit, self._adapter, self._follow, self._steady = unit, adapter, follow, steady
        self._failures = 0
        self._paused = False
        self._next = -math.inf
        self._keys_next = self._quiet_until = -math.inf
        self._stopping = threading.Event()
        self._worker = Periodic("sync", self.turn, LOOK_S)

    def start(self) -> None:
        self._worker.start()

    def stop(self) -> None:
        self._stopping.set()
        self._worker.stop()

    def try_now(self) -> None:
        """A person asks: forget the pause and the waiting, and speak to the portal even when nothing is owed."""
        self._paused, self._failures, self._next, self._keys_next = False, 0, -math.inf, -math.inf

    def turn(self) -> None:
        """Send what is owed if it is time; a failure is remembered and waited after, never given up on. A turn in which nobody
        answered, because there was nothing to ask, notes no contact and takes back no fault."""
        if self._paused or self._steady() < self._next:
            return
        try:
            if self._exchange():
                self._quiet_until = self._steady() + QUIET_S
                self._unit.writer.run(_contact)
        except SyncFailed as error:
            self._wait(error.retry_after_s)
            self._failed(error)
        except Refused as error:  # the disk is full: what was sent is sent again, and answered with `duplicate`
            self._wait(None)
            log.warning("what the portal said could not be written down: %s", error)
        else:
            self._failures, self._next = 0, self._steady() + self._unit.settings.portal.every_s

    def _exchange(self) -> bool:
        """Whether the portal answered anything. Raises SyncFailed."""
        settings = self._unit.settings
        sent = drain(
            self._adapter, settings.unit.id, self._unit.read, self._unit.writer.run, self._go_on, settings.portal.batch_size
        )
        heard = self._follow(self._unit, self._adapter) + sent > 0
        if self._steady() >= (self._keys_next if heard else min(self._keys_next, self._quiet_until)):
            heard = self._fetch_keys(heard=heard)
        self._send_again_when_newer()
        return heard

    def _fetch_keys(self, *, heard: bool) -> bool:
        """Whether the portal has answered by now. What can't be sealed to is asked for again sooner; a portal that takes events
        (`heard`) is not held up by what it does not say of its keys, one that says nothing at all is away. Raises SyncFailed."""
        try:
            heard = fetch_keys(self._adapter, self._unit.folder) or heard
            self._keys_next = self._steady() + KEYS_EVERY_S
        except UnitError as error:
            if isinstance(error, SyncFailed) and not heard:
                raise
            log.warning("%s Those of before are kept.", error)
            self._keys_next = self._steady() + KEYS_AGAIN_S
            heard = True
        return heard

    def _send_again_when_newer(self) -> None:
        """What the portal did not know is owed again once its contract's version is another."""
        version = getattr(self._adapter, "version", None)
        with self._unit.reading() as conn:
            known = remembered(conn, "version")
        if version and version != known:
            self._unit.writer.run(lambda conn: _note_version(conn, version, newer=known is not None))

    def _failed(self, error: SyncFailed) -> None:
        self._paused = isinstance(error, SyncPaused)
        log.warning("nothing was sent to the portal: %s", error)
        what = "paused" if self._paused else "fault"
        self._unit.writer.run(lambda conn: _note_fault(conn, what, error))

    def _wait(self, asked_s: float | None) -> None:
        self._failures += 1
        longest_s = self._unit.settings.portal.retry_longest_s
        self._next = self._steady() + pause_s(self._failures, asked_s, random.random, longest_s)

    def _go_on(self) -> bool:
        return not self._stopping.wait(REST_S)


def fetch_keys(adapter: Adapter, folder: Path) -> bool:
    """Keep the portal's public keys in KEYS_FILE; whether this way can ask. Raises SyncFailed, or UnitError for no keys."""
    keys = adapter.keys()
    if keys:
        content = json.dumps({"keys": list(keys)}, indent=1).encode()
        check_keys(content)
        write_whole(folder / KEYS_FILE, content)
    return keys is not None


def portal_keys(folder: Path) -> list[dict[str, Any]]:
    """The portal's public keys as they were last known; none when there never were any. Raises UnitError."""
    try:
        content = (folder / KEYS_FILE).read_bytes()
    except FileNotFoundError:
        return []
    check_keys(content)
    found: list[dict[str, Any]] = json.loads(content)["keys"]
    return found


def check_keys(content: bytes) -> int:
    """How many keys there are in an answer to GET /v1/keys; raises UnitError when it is none."""
    try:
        keys = json.loads(content)["keys"]
        if not all(isinstance(key["kid"], str) and "d" not in key and key["valid_from"] and key["valid_until"] for key in keys):
            raise ValueError("a key has no kid or no dates, or is not a public one")
        for key in keys:
            sealing.import_key(key)
    except (ValueError, KeyError, TypeError, JoseError) as error:
        raise UnitError(f"These are not the portal's public keys: {error}.") from error
    return len(keys)


def _note_version(conn: Any, version: str, *, newer: bool) -> None:
    _remember(conn, "version", version)
    if newer:
        outbox.send_aside_again(conn)


def _contact(conn: Any) -> None:
    _remember(conn, "contact", wall_ms())
    conn.execute("DELETE FROM portal_line WHERE what IN ('fault', 'paused')")


def _note_fault(conn: Any, what: str, error: SyncFailed) -> None:
    before = remembered(conn, what)
    since = before["since"] if before else wall_ms()
    _remember(conn, what, {"message": error.message, "params": {k: str(v) for k, v in error.params.items()}, "since": since})


def _remember(conn: Any, what: str, value: Any) -> None:
    conn.execute("INSERT INTO portal_line VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (what, encode(value)))


def remembered(conn: Any, what: str) -> Any:
    """`contact` (UTC ms), `fault` and `paused` ({message, params, since}), `version`; None when there is none."""
    row = conn.execute("SELECT value FROM portal_line WHERE what = ?", (what,)).fetchone()
    return json.loads(row[0]) if row else None


def look(conn: Any, most: int = -1) -> dict[str, Any]:
    """The line as a screen shows it: backlog (counted up to `most`), last contact, why nothing is sent. Times RFC 3339."""
    contact, oldest = remembered(conn, "contact"), outbox.oldest_pending(conn)
    fault = remembered(conn, "paused") or remembered(conn, "fault")
    return {
        **outbox.counts(conn, most),
        "oldest": oldest and rfc3339(oldest),
        "contact": contact and rfc3339(contact),
        "paused": remembered(conn, "paused") is not None,
        "fault": fault and {**fault, "since": rfc3339(fault["since"])},
    }
