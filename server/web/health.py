"""Is it alive, is it ready, and its figures for Prometheus: for this machine's own programs, and for a manager's token."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from flask import Flask, Response, request
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from server.errors import Refused
from server.journal import last_seq
from server.unit import Unit
from server.web import identity
from server.web.api import answer
from server.web.gate import LOCAL
from server.web.proxies import FORWARDED


class _Screens(Protocol):
    def screens(self) -> dict[str, int]: ...


class _Devices(Protocol):
    def look(self, conn: Any) -> dict[str, Any]: ...


Backups = Callable[[], Mapping[str, datetime | None]]
"""When the last good backup was made, by place."""
COMMIT_BUCKETS_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


def register(app: Flask, unit: Unit, live: _Screens, printing: _Devices, backups: Backups) -> None:
    """Add /healthz, /readyz and /metrics."""
    registry = CollectorRegistry()
    registry.register(_Figures(unit, live, printing, backups))
    commits = Histogram(
        "istiqbal_commit_seconds",
        "From the begin of a transaction to its commit on the disk.",
        buckets=COMMIT_BUCKETS_S,
        registry=registry,
    )
    unit.writer.committed_in = commits.observe
    app.add_url_rule("/healthz", "healthz", lambda: _state(unit.writer.alive))
    app.add_url_rule("/readyz", "readyz", lambda: _state(lambda: _can_commit(unit)))

    def metrics() -> Response:
        if not _from_this_machine():
            identity.permitted("manage")
        return Response(generate_latest(registry), mimetype="text/plain; version=0.0.4")

    app.add_url_rule("/metrics", "metrics", metrics)


def _from_this_machine() -> bool:
    """Asked by a program on the unit's own PC, and not through a proxy there that hides who asks."""
    return request.remote_addr in LOCAL and not request.environ.get(FORWARDED)


def _state(check: Callable[[], bool]) -> Response:
    ok = check()
    return answer({"status": "ok" if ok else "failed"}, 200 if ok else 503)


def _can_commit(unit: Unit) -> bool:
    """A whole turn through the writer: queue, transaction, commit."""
    try:
        unit.writer.run(lambda conn: conn.execute("UPDATE epochs SET steady_offset = steady_offset WHERE epoch = ''"))
    except Refused:
        return False
    return True


class _Figures:
    """Reads the figures when Prometheus asks."""

    def __init__(self, unit: Unit, live: _Screens, printing: _Devices, backups: Backups) -> None:
        self._unit, self._live, self._printing, self._backups = unit, live, printing, backups
        with unit.reading() as conn:
            self._counted = last_seq(conn)
        self._events: Counter[str] = Counter()
        self._lock = threading.Lock()

    def collect(self) -> Iterator[Metric]:
        screens = GaugeMetricFamily("istiqbal_screens", "Connected screens.", labels=["namespace"])
        for namespace, count in self._live.screens().items():
            screens.add_metric([namespace], count)
        yield screens
        with self._unit.reading() as conn:
            board = self._unit.hall.board(conn, self._unit.now())
            devices = self._printing.look(conn)
            owed = conn.execute(
                "SELECT kind, COUNT(*), MIN(created_at) FROM deliveries WHERE state = 'pending' GROUP BY kind"
            ).fetchall()
            self._count_events(conn)
        waiting = GaugeMetricFamily("istiqbal_waiting", "Visitors who wait.", labels=["service"])
        for service in board["services"]:
            waiting.add_metric([service["id"]], service["waiting"])
        yield waiting
        printers = GaugeMetricFamily("istiqbal_printer", "1 for the state a printer is in.", labels=["printer", "state"])
        for printer in devices["printers"]:
            printers.add_metric([printer["name"], printer["state"]], 1)
        yield printers
        yield GaugeMetricFamily("istiqbal_journal_events", "Events in the journal.", value=board["version"])
        yield from self._owed({kind: (count, since) for kind, count, since in owed})
        events = CounterMetricFamily("istiqbal_events", "Events since the start: issued, called, served …", labels=["type"])
        for type, count in self._events.items():
            events.add_metric([type], count)
        yield events
        yield from self._ages()

    def _owed(self, owed: Mapping[str, tuple[int, int]]) -> Iterator[Metric]:
        now = self._unit.now().at
        backlog = GaugeMetricFamily("istiqbal_owed", "Deliveries that wait: print, portal.", labels=["kind"])
        oldest = GaugeMetricFamily("istiqbal_owed_oldest_seconds", "How long the oldest of them has waited.", labels=["kind"])
        for kind in sorted({"print", "portal", *owed}):
            count, since = owed.get(kind, (0, now))
            backlog.add_metric([kind], count)
            oldest.add_metric([kind], max(0, now - since) / 1000)
        yield backlog
        yield oldest

    def _count_events(self, conn: Any) -> None:
        """Add what was written since the last look."""
        last = last_seq(conn)
        with self._lock:
            rows = conn.execute("SELECT type, COUNT(*) FROM events WHERE seq > ? AND seq <= ? GROUP BY type", (self._counted, last))
            self._events.update(dict(rows.fetchall()))
            self._counted = max(self._counted, last)

    def _ages(self) -> Iterator[Metric]:
        ages = GaugeMetricFamily(
            "istiqbal_backup_age_seconds", "Since the last good backup; absent when there is none.", labels=["place"]
        )
        now = datetime.now(UTC)
        for number, made in enumerate(self._backups().values(), start=1):
            if made is not None:
                ages.add_metric([str(number)], (now - made).total_seconds())
        yield ages
