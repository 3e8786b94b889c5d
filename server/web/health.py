"""Is it alive, is it ready, and its figures for Prometheus: for this machine's own programs, and for a manager's token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from flask import Flask, Response, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from server.errors import Refused
from server.unit import Unit
from server.web import identity
from server.web.api import answer
from server.web.gate import LOCAL
from server.web.proxies import FORWARDED


class _Screens(Protocol):
    def screens(self) -> dict[str, int]: ...


class _Devices(Protocol):
    def look(self, conn: Any) -> dict[str, Any]: ...


def register(app: Flask, unit: Unit, live: _Screens, printing: _Devices) -> None:
    """Add /healthz, /readyz and /metrics."""
    registry = CollectorRegistry()
    registry.register(_Figures(unit, live, printing))
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

    def __init__(self, unit: Unit, live: _Screens, printing: _Devices) -> None:
        self._unit, self._live, self._printing = unit, live, printing

    def collect(self) -> Iterator[Metric]:
        screens = GaugeMetricFamily("istiqbal_screens", "Connected screens.", labels=["namespace"])
        for namespace, count in self._live.screens().items():
            screens.add_metric([namespace], count)
        yield screens
        with self._unit.reading() as conn:
            board = self._unit.hall.board(conn, self._unit.now())
            devices = self._printing.look(conn)
        waiting = GaugeMetricFamily("istiqbal_waiting", "Visitors who wait.", labels=["service"])
        for service in board["services"]:
            waiting.add_metric([service["id"]], service["waiting"])
        yield waiting
        printers = GaugeMetricFamily("istiqbal_printer", "1 for the state a printer is in.", labels=["printer", "state"])
        for printer in devices["printers"]:
            printers.add_metric([printer["name"], printer["state"]], 1)
        yield printers
        yield GaugeMetricFamily("istiqbal_journal_events", "Events in the journal.", value=board["version"])
