"""Alerts of printers and displays."""

from __future__ import annotations

from collections.abc import Iterator

from server.alerts.facts import Alert, Facts
from server.clock import MS

PRINTER_FAULTS = frozenset({"paper-out", "cover-open", "offline", "error"})


def printer_fault(facts: Facts) -> Iterator[Alert]:
    """A printer can't print."""
    for name, state in facts.printers.items():
        if state in PRINTER_FAULTS:
            yield Alert("printer", name, (("state", state),))


def display_gone(facts: Facts) -> Iterator[Alert]:
    """A display was connected and has been gone for longer than a page takes to load anew."""
    for name, since in facts.gone_displays.items():
        if facts.now.steady - since >= facts.limits.display_s * MS:
            yield Alert("display_gone", name)
