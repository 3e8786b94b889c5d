"""Alerts of what citizens say: ratings that fall, words that can't be taken."""

from __future__ import annotations

from collections.abc import Iterator

from server.alerts.facts import Alert, Facts


def ratings_fell(facts: Facts) -> Iterator[Alert]:
    """The last ratings are clearly below what is usual here (`server.feedback.dips`); how far is on the page of ratings."""
    if facts.ratings_fell:
        yield Alert("ratings_fell")


def no_portal_key(facts: Facts) -> Iterator[Alert]:
    """There is a way to the portal, but no valid key to seal to: complaints and comments are not taken."""
    if facts.cant_seal:
        yield Alert("no_portal_key")
