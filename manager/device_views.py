"""The manager's page of devices: pairing the screens of the hall, their names, and taking their access away."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response

from manager.guard import signed_in
from server.access import Principal, devices
from server.access.audit import Audit
from server.access.devices import Device
from server.access.roles import ROLES_OF_PEOPLE, ROLES_OF_SCREENS
from server.clock import wall_ms
from server.editing.devices import carry
from server.errors import N_, NotAllowed, Refused
from server.live import Live
from server.web import identity, pages
from server.web.language import in_language, reader_language, written_datetime
from server.web.pairing import pairings

blueprint = Blueprint("devices", __name__, url_prefix="/devices")

DONE = {
    "paired": N_("“%(name)s” is paired; its screen goes on by itself."),
    "renamed": N_("The device is called “%(name)s” now."),
    "revoked": N_("“%(name)s” opens nothing any more."),
}

ROLE_NAMES = {
    "kiosk": N_("kiosk"),
    "display": N_("hall display"),
    "counter": N_("counter PC"),
    "tablet": N_("rating tablet"),
    "clerk": N_("clerk"),
    "manager": N_("manager"),
    "administrator": N_("administrator"),
}


@blueprint.get("")
def page() -> Response:
    """The devices, and the screens that wait to be paired."""
    return _page()


@blueprint.post("/pair")
def pair() -> Response:
    """Pair the screen that shows the typed code."""
    who = signed_in()
    about, place = ("pairing", who.proof), ("place", who.proof)
    audit, waiting = _audit(who), pairings()
    code, name = request.form.get("code", ""), request.form.get("name", "")
    try:
        identity.attempts().begin(about, place)
        found: Device = _change(lambda conn: waiting.accept(conn, audit, code, name, wall_ms()))
    except Refused as refusal:
        return _page(refusal, fault="pair")
    identity.attempts().succeeded(about, place)
    return _done("paired", found.name)


@blueprint.post("/<int:id>/rename")
def rename(id: int) -> Response:
    """Another name; open screens come back with it."""
    who, name = signed_in(), request.form.get("name", "")
    found, audit = _keeps(who, id), _audit(who)

    def change(conn: Any) -> None:
        devices.rename(conn, audit, id, name)
        carry(conn, audit, found.role, found.name, name.strip())

    try:
        _change(change)
    except Refused as refusal:
        return _page(refusal, fault=str(id))
    for namespace in _live().proofs().get(found.proof, ()):
        _live().drop(found.proof, namespace)
    return _done("renamed", name.strip())


@blueprint.post("/<int:id>/revoke")
def revoke(id: int) -> Response:
    """The device opens nothing any more, at once."""
    who = signed_in()
    found, audit = _keeps(who, id), _audit(who)
    _change(lambda conn: devices.revoke(conn, audit, id, wall_ms()))
    return _done("revoked", found.name)


@blueprint.post("/token")
def token() -> Response:
    """A token for another system, shown in this answer and never again."""
    who = signed_in()
    role, name, audit = request.form.get("role", ""), request.form.get("name", ""), _audit(who)

    def create(conn: Any) -> str:
        made = devices.create_token(conn, role, name, wall_ms())
        principal = devices.by_token(conn, made)
        devices.note_new(conn, audit, principal.id if principal else 0)
        return made

    try:
        return _page(token=_change(create), token_name=name.strip())
    except Refused as refusal:
        return _page(refusal, fault="token")


def _page(refusal: Refused | None = None, fault: str | None = None, **shown: Any) -> Response:
    who, language = signed_in(), reader_language().code
    unit = identity.unit()
    with unit.reading() as conn:
        all_devices = devices.devices(conn)
    done = DONE.get(request.args.get("done", ""))
    return pages.page(
        "manager/devices.html",
        status=refusal.status if refusal else 200,
        who=who,
        screens=[_row(one, language) for one in all_devices if one.role in ROLES_OF_SCREENS],
        systems=[_row(one, language) for one in all_devices if one.role not in ROLES_OF_SCREENS],
        waiting=pairings().waiting(),
        kiosks=_free_kiosks(all_devices),
        roles=ROLES_OF_PEOPLE,
        names={role: in_language(language, text) for role, text in ROLE_NAMES.items()},
        tokens=who.may("make tokens"),
        fault=fault,
        sentence=in_language(language, refusal.message, **refusal.params) if refusal else None,
        typed=request.form,
        done=in_language(language, done, name=request.args.get("name", "")) if done else None,
        **{"token": None, "token_name": "", **shown},
    )


def _row(device: Device, language: str) -> dict[str, Any]:
    zone = identity.unit().settings.unit.timezone
    seen = identity.last_seen(device.proof) or device.last_seen_at

    def written(at: int) -> str:
        return written_datetime(datetime.fromtimestamp(at / 1000, UTC), language, zone)

    return {
        "id": device.id,
        "role": device.role,
        "name": device.name,
        "since": written(device.created_at),
        "seen": written(seen) if seen else None,
        "connected": device.proof in _live().proofs(),
    }


def _free_kiosks(found: list[Device]) -> list[str]:
    """The names of unit.toml's kiosks, those without a device first: a kiosk's name decides its printer."""
    taken = {device.name for device in found if device.role == "kiosk"}
    return sorted((kiosk.name for kiosk in identity.unit().settings.kiosks), key=lambda name: (name in taken, name))


def _keeps(who: Principal, id: int) -> Device:
    """The device, when this person may change it: another system's token is a matter of administrators."""
    with identity.unit().reading() as conn:
        found = devices.device(conn, id)
    if found.role not in ROLES_OF_SCREENS and not who.may("make tokens"):
        raise NotAllowed(role=who.role)
    return found


def _change(change: Any) -> Any:
    return identity.unit().writer.run(change)


def _audit(who: Principal) -> Audit:
    return Audit(identity.unit().journal, who.caller().id)


def _live() -> Live:
    found: Live = current_app.extensions["istiqbal.live"]
    return found


def _done(what: str, name: str) -> Response:
    return redirect(f"/manager/devices?{urlencode({'done': what, 'name': name})}", 303)
