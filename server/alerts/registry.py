"""All alerts. Another one is one function here, and its sentence in manager/words.py."""

from __future__ import annotations

from server.alerts.citizens import no_portal_key, ratings_fell
from server.alerts.devices import display_gone, printer_fault
from server.alerts.facts import Alert, Facts, Rule
from server.alerts.hall import idle_counter, nobody_serves, past_target, too_many
from server.alerts.machine import clock_jumped
from server.alerts.outside import backup_old, portal_refuses, portal_silent

RULES: tuple[Rule, ...] = (
    too_many,
    past_target,
    idle_counter,
    nobody_serves,
    printer_fault,
    display_gone,
    portal_silent,
    portal_refuses,
    backup_old,
    ratings_fell,
    no_portal_key,
    clock_jumped,
)


def raised(facts: Facts) -> set[Alert]:
    """What is to be told by these facts."""
    return {alert for rule in RULES for alert in rule(facts)}
