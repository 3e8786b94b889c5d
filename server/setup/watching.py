"""From when on the manager is alerted: the limits of the live hall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from server.setup.choices import choice, choose

CHOICE = "alert_limits"


@dataclass(frozen=True, slots=True)
class AlertLimits:
    """`waiting`: how many may wait in the whole hall, `waiting_for` by service (0 and left out: never too many).

    `past_target_s`: seconds past a service's target that a wait may last; `idle_s`: seconds that a counter may be free while
    people it serves wait; `display_s`: seconds that a display may be gone; `portal_h`: hours without the portal.
    """

    waiting: int = 60
    waiting_for: Mapping[str, int] = field(default_factory=dict)
    past_target_s: int = 0
    idle_s: int = 120
    display_s: int = 60
    portal_h: int = 4


def alert_limits(conn: Any) -> AlertLimits:
    """The limits that hold."""
    return AlertLimits(**choice(conn, CHOICE, {}))


def limit_alerts(conn: Any, limits: AlertLimits) -> None:
    """Keep other limits. Inside a transaction of the writer."""
    choose(conn, CHOICE, {**asdict(limits), "waiting_for": {**limits.waiting_for}})
