"""Alerts of the machine that the server runs on."""

from __future__ import annotations

from collections.abc import Iterator

from server.alerts.facts import Alert, Facts


def clock_jumped(facts: Facts) -> Iterator[Alert]:
    """The machine's clock was set anew while the server ran, and is not believed."""
    if facts.clock_jumped:
        yield Alert("clock_jumped")
