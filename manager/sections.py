"""The manager's pages in the order of their menu: address and name. A page that is not listed here is not in the menu."""

from __future__ import annotations

from flask import Blueprint

from server.errors import N_

SECTIONS: tuple[tuple[str, str], ...] = (
    ("/manager/", N_("The hall now")),
    ("/manager/today", N_("What happened")),
    ("/manager/hours", N_("Opening hours")),
    ("/manager/setup", N_("Set-up")),
    ("/manager/reports", N_("Reports")),
    ("/manager/estimates", N_("Estimated waits")),
    ("/manager/ratings", N_("Ratings")),
    ("/manager/tickets", N_("What a ticket says")),
    ("/manager/people", N_("People")),
    ("/manager/devices", N_("Devices")),
    ("/manager/voice", N_("Voice")),
    ("/manager/displays", N_("Displays")),
    ("/manager/media", N_("Media")),
    ("/manager/portal", N_("The portal")),
    ("/manager/doctor", N_("Is all well?")),
)


def add_menu(blueprint: Blueprint) -> None:
    """Give the templates of a blueprint `sections`, each `(address, English name)`."""
    blueprint.context_processor(lambda: {"sections": SECTIONS})
