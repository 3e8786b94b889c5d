"""The field's words that reach a reader inside another sentence (states, actions, roles, languages), by the name the code uses."""

from __future__ import annotations

from collections.abc import Mapping

from server.errors import N_

_STATES = {
    "waiting": N_("waiting"),
    "called": N_("called"),
    "serving": N_("being served"),
    "served": N_("served"),
    "no_show": N_("absent"),
    "parked": N_("put aside"),
    "transferred": N_("transferred"),
    "cancelled": N_("cancelled"),
    "expired": N_("expired"),
    "open": N_("open"),
    "paused": N_("paused"),
    "closed": N_("closed"),
}
_ACTIONS = {
    "call": N_("call"),
    "call-next": N_("call the next visitor"),
    "recall": N_("call again"),
    "start": N_("start"),
    "finish": N_("finish"),
    "no-show": N_("mark absent"),
    "recycle": N_("put back into the queue"),
    "park": N_("put aside"),
    "resume": N_("take up again"),
    "transfer": N_("transfer"),
    "cancel": N_("cancel"),
    "expire": N_("close the day"),
    "open": N_("open the counter"),
    "pause": N_("pause the counter"),
    "close": N_("close the counter"),
    "take-up": N_("take up again"),
    "walk-direct": N_("serve without a ticket"),
}
_ROLES = {
    "kiosk": N_("kiosk"),
    "display": N_("hall display"),
    "counter": N_("counter PC"),
    "clerk": N_("clerk"),
    "manager": N_("manager"),
    "administrator": N_("administrator"),
}

_LANGUAGES = {"ar": N_("Arabic"), "zgh": N_("Amazigh"), "fr": N_("French")}

TERMS: Mapping[str, Mapping[str, str]] = {"state": _STATES, "action": _ACTIONS, "role": _ROLES, "language": _LANGUAGES}
