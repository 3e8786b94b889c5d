"""Alerts of displays that should be here and are not."""

from __future__ import annotations

from server.access.devices import create_token, devices
from server.unit import Unit
from tests.conftest import CLERK, ToldClock
from tests.server.alerts.halls import HOUR, Hall


def test_a_display_that_was_here_today_is_missed_unless_its_token_was_revoked(hall: Hall, clock: ToldClock) -> None:
    unit = hall.unit
    unit.writer.run(lambda conn: create_token(conn, "display", "door", clock.moment.at))
    hall.gone = {"door": clock.moment, "old": clock.moment}
    assert hall.kinds() == []
    clock.pass_by(61)
    assert hall.kinds() == ["display_gone"]
    clock.pass_by(24 * 3600)
    assert "display_gone" not in hall.kinds()


def seen(unit: Unit, name: str, at: int | None) -> str:
    """A paired display that was last seen then; its proof."""
    unit.writer.run(lambda conn: create_token(conn, "display", name, 0))
    unit.writer.run(lambda conn: conn.execute("UPDATE tokens SET last_seen_at = ? WHERE name = ?", (at, name)))
    with unit.reading() as conn:
        return next(one.proof for one in devices(conn) if one.name == name)


def test_a_display_of_the_last_week_that_does_not_come_is_missed_while_a_counter_is_open(hall: Hall, clock: ToldClock) -> None:
    door = seen(hall.unit, "door", clock.moment.at - 6 * 24 * HOUR)
    seen(hall.unit, "cellar", clock.moment.at - 8 * 24 * HOUR)
    seen(hall.unit, "new", None)
    clock.pass_by(600)
    assert hall.kinds() == [], "nobody works yet"
    hall.unit.visits.desk(1, "open", CLERK)
    assert hall.kinds() == []
    clock.pass_by(5 * 60 + 59)
    assert hall.kinds() == [], "it may be starting too"
    clock.pass_by(1)
    assert hall.kinds() == ["display_gone"]
    assert hall.kept()[0].alert.subject == "door"
    hall.open = {door}
    assert hall.kinds() == []
    hall.open = set()
    clock.pass_by(1)
    assert hall.kinds() == []
    clock.pass_by(600)
    assert hall.kinds() == ["display_gone"]
    hall.unit.visits.desk(1, "close", CLERK)
    assert hall.kinds() == []
