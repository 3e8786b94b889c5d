"""Alerts of queues and counters."""

from __future__ import annotations

from collections.abc import Iterator

from server.alerts.facts import Alert, Facts
from server.clock import MS


def too_many(facts: Facts) -> Iterator[Alert]:
    """More wait than the manager's limit, in the hall or for a service."""
    limits = facts.limits
    if limits.waiting and sum(queue.waiting for queue in facts.queues) > limits.waiting:
        yield Alert("too_many", params=(("limit", limits.waiting),))
    for queue in facts.queues:
        limit = limits.waiting_for.get(queue.service, 0)
        if limit and queue.waiting > limit:
            yield Alert("too_many_for", queue.service, (("limit", limit),))


def past_target(facts: Facts) -> Iterator[Alert]:
    """Somebody waits longer than the service's target and what the manager adds to it."""
    for queue in facts.queues:
        allowed = queue.target_ms + facts.limits.past_target_s * MS
        if queue.waiting and queue.longest_ms > allowed:
            yield Alert("past_target", queue.service, (("minutes", allowed // (60 * MS)),))


def idle_counter(facts: Facts) -> Iterator[Alert]:
    """A counter has been free for too long while people it serves wait."""
    for counter in facts.free:
        if facts.now.steady - counter.since >= facts.limits.idle_s * MS:
            yield Alert("idle_counter", str(counter.counter), (("counter", counter.number),))


def nobody_serves(facts: Facts) -> Iterator[Alert]:
    """People wait for a service that no counter calls for, whoever opens one: a work profile was changed under them."""
    for service in facts.unserved:
        yield Alert("nobody_serves", service)
