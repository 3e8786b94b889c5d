"""The alerts that hold now, as they are kept: since when, and who has seen them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from server.alerts.facts import Alert
from server.clock import Moment, rfc3339
from server.errors import N_, Refused
from server.journal import Journal, encode
from server.visits import Caller

ACTOR = "unit"


class AlertEnded(Refused):
    status, slug = 404, "alert-ended"
    message = N_("This alert has ended meanwhile.")


@dataclass(frozen=True, slots=True)
class Kept:
    """An alert that holds; times UTC ms. `id` is new each time that it begins."""

    id: int
    alert: Alert
    since: int
    seen_by: str | None
    seen_at: int | None

    def data(self) -> dict[str, Any]:
        """As screens and the API have it."""
        seen = {"by": self.seen_by, "at": rfc3339(self.seen_at)} if self.seen_at is not None else None
        return {"id": self.id, **_told(self.alert), "since": rfc3339(self.since), "seen": seen}


def alerts(conn: Any) -> list[Kept]:
    """Those that hold: unseen ones first, each part newest first."""
    rows = conn.execute(
        "SELECT id, kind, subject, params, since, seen_by, seen_at FROM alerts ORDER BY seen_at IS NOT NULL, since DESC, id DESC"
    )
    return [
        Kept(id, Alert(kind, subject, tuple(json.loads(params).items())), since, seen_by, seen_at)
        for id, kind, subject, params, since, seen_by, seen_at in rows
    ]


def look(conn: Any) -> dict[str, Any]:
    """For the manager's screen."""
    return {"alerts": [kept.data() for kept in alerts(conn)]}


def settle(conn: Any, journal: Journal, now: Moment, raised: set[Alert]) -> None:
    """Begin what is raised and not kept, end what is kept and not raised, each with its line in the journal."""
    kept = {one.alert: one.id for one in alerts(conn)}
    for alert in sorted(raised - kept.keys(), key=_order):
        conn.execute(
            "INSERT INTO alerts(kind, subject, params, since) VALUES (?,?,?,?)",
            (alert.kind, alert.subject, encode(dict(alert.params)), now.at),
        )
        journal.append(conn, "alert_began", _told(alert), actor=ACTOR, moment=now)
    for alert in sorted(kept.keys() - raised, key=_order):
        conn.execute("DELETE FROM alerts WHERE id = ?", (kept[alert],))
        journal.append(conn, "alert_ended", _told(alert), actor=ACTOR, moment=now)


def say_seen(conn: Any, journal: Journal, id: int, who: Caller) -> Kept:
    """A manager has seen an alert: it stays quiet until it ends. Who said so first is kept. Raises AlertEnded."""
    found = _one(conn, id)
    if found.seen_at is None:
        now = journal.now()
        conn.execute("UPDATE alerts SET seen_by = ?, seen_at = ? WHERE id = ?", (who.name, now.at, id))
        journal.append(conn, "alert_seen", {**_told(found.alert), "by": who.name}, actor=who.id, moment=now)
    return _one(conn, id)


def _one(conn: Any, id: int) -> Kept:
    found = next((kept for kept in alerts(conn) if kept.id == id), None)
    if found is None:
        raise AlertEnded
    return found


def _told(alert: Alert) -> dict[str, Any]:
    return {"kind": alert.kind, "subject": alert.subject, "params": dict(alert.params)}


def _order(alert: Alert) -> tuple[str, str]:
    return alert.kind, alert.subject
