"""The API of alerts: what holds now, and a place to say that it was seen."""

from __future__ import annotations

from flask import Response

from manager.schemas import AlertAnswer, AlertPath, AlertsAnswer
from server.alerts import store
from server.web import identity
from server.web.api import SECURED, answer, api_blueprint, guarded
from server.web.schemas import Nothing

api = api_blueprint("alerts", "What a manager is to be told of now.")


@api.get("/alerts", summary="Alerts that hold now", responses={200: AlertsAnswer, **guarded()}, security=SECURED)
def list_alerts() -> Response:
    """Unseen ones first; one that ended is gone, and has a new id when it begins anew."""
    identity.permitted("manage")
    with identity.unit().reading() as conn:
        return answer(store.look(conn))


@api.post(
    "/alerts/<alert>/seen",
    summary="Say that an alert was seen",
    responses={200: AlertAnswer, **guarded(404)},
    security=SECURED,
)
def alert_seen(path: AlertPath, body: Nothing) -> Response:
    """It stays quiet until it ends. Saying it again changes nothing: who said it first is kept."""
    who, unit = identity.permitted("manage"), identity.unit()
    kept = unit.writer.run(lambda conn: store.say_seen(conn, unit.journal, path.alert, who.caller()))
    return answer(kept.data())
