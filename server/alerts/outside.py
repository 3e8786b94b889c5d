"""Alerts of the portal and of backups."""

from __future__ import annotations

from collections.abc import Iterator

from server.alerts.facts import Alert, Facts
from server.clock import MS

HOUR_MS = 3600 * MS


def portal_silent(facts: Facts) -> Iterator[Alert]:
    """Nothing was heard of the portal for hours, though it is asked over the network."""
    contact, hours = facts.portal_contact, facts.limits.portal_h
    if contact is not None and facts.now.at - contact >= hours * HOUR_MS:
        yield Alert("portal_silent", params=(("hours", hours),))


def portal_refuses(facts: Facts) -> Iterator[Alert]:
    """The portal refused something, or the unit altogether."""
    if facts.portal_refuses:
        yield Alert("portal_refuses")


def backup_old(facts: Facts) -> Iterator[Alert]:
    """The last good backup in a place is older than `backup.warn_after_h`, or there never was one."""
    for place, at in facts.backups.items():
        if facts.now.at - at > facts.backup_hours * HOUR_MS:
            yield Alert("backup_old", place, (("hours", facts.backup_hours),))
