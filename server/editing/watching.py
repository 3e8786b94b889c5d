"""From when on the manager is alerted, as it is edited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from server import setup
from server.editing import refusals
from server.editing.section import Section, SetUp
from server.editing.things import Fault, Thing

Count = Annotated[int, Field(ge=1, le=9999)]


class AlertRules(Thing):
    """The limits of `server.setup.AlertLimits`; 0 people is no limit, as is a service that is left out of `waiting_for`."""

    id: Literal["alerts"] = "alerts"
    waiting: Annotated[int, Field(ge=0, le=9999)] = 60
    waiting_for: dict[str, Count] = Field(default_factory=dict)
    past_target_minutes: Annotated[int, Field(ge=0, le=480)] = 0
    idle_seconds: Annotated[int, Field(ge=10, le=3600)] = 120
    display_seconds: Annotated[int, Field(ge=10, le=3600)] = 60
    portal_hours: Annotated[int, Field(ge=1, le=720)] = 4


def _read(conn: Any) -> list[AlertRules]:
    limits = setup.alert_limits(conn)
    return [
        AlertRules.model_construct(
            id="alerts",
            waiting=limits.waiting,
            waiting_for={**limits.waiting_for},
            past_target_minutes=limits.past_target_s // 60,
            idle_seconds=limits.idle_s,
            display_seconds=limits.display_s,
            portal_hours=limits.portal_h,
        )
    ]


def _save(conn: Any, one: AlertRules, position: int) -> None:
    setup.limit_alerts(
        conn,
        setup.AlertLimits(
            one.waiting,
            one.waiting_for,
            one.past_target_minutes * 60,
            one.idle_seconds,
            one.display_seconds,
            one.portal_hours,
        ),
    )


def _check(whole: SetUp) -> Iterator[Fault]:
    known = {service.id for service in whole.things["services"]}
    for rules in whole.of(AlertRules):
        for service in rules.waiting_for:
            if service not in known:
                yield Fault("alerts", rules.id, ("waiting_for", service), refusals.NoSuchService(service=service))


alerts = Section("alerts", AlertRules, _read, _save, None, _check, single=True)
