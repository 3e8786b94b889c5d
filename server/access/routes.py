"""What each route is: one permission of PERMISSIONS, or open to anyone. A route without a line stops the start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ANYONE = "anyone"
"""No role is asked for: the page judges by itself (a screen that is not paired says so), or there is nothing to guard."""

_ROUTES: Mapping[str, tuple[str, ...]] = {
    ANYONE: (
        "pages.asset",
        "landing.landing",
        "landing.styleguide",
        "openapi_document",
        "healthz",
        "readyz",
        "metrics",
        "kiosk.kiosk",
        "kiosk.visit.visit",
        "kiosk.visit.state",
        "kiosk.visit.cancel",
        "kiosk.visit.more_time",
        "kiosk.visit.code",
        "kiosk.tablet.tablet",
        "kiosk.rating.form",
        "kiosk.rating.send",
        "kiosk.submission.form",
        "kiosk.submission.send",
        "kiosk.submission.ask",
        "kiosk.submission.stage",
        "kiosk.submission.code",
        "display.display",
        "counter.sign_in_form",
        "counter.sign_in",
        "counter.signing_out",
        "counter.sign_out",
        "tickets_api.get_visit",
        "tickets_api.cancel_visit",
        "tickets_api.more_time",
        "feedback_api.rate_visit",
        "feedback_api.submit",
        "feedback_api.submission_stage",
        "pairing.page",
        "pairing.state",
    ),
    "issue a ticket": ("tickets_api.issue_ticket",),
    "print a ticket again": ("tickets_api.reprint",),
    "see the board": ("board_api.get_board", "display.clip"),
    "use the kiosk": (
        "feedback_api.visit_to_rate",
        "kiosk.kiosk_offers",
        "kiosk.kiosk_stage",
        "kiosk.kiosk_say",
        "kiosk.kiosk_aloud",
    ),
    "see the media": ("display.medium",),
    "choose one's own password": ("counter.own.page", "counter.own.choose"),
    "use the counter screen": ("counter.choose", "counter.calling"),
    "work at a counter": (
        "counters_api.visitors",
        "counters_api.open_counter",
        "counters_api.pause_counter",
        "counters_api.close_counter",
        "counters_api.call_next",
        "counters_api.call",
        "counters_api.recall",
        "counters_api.start",
        "counters_api.finish",
        "counters_api.no_show",
        "counters_api.undo",
        "counters_api.park",
        "counters_api.recycle",
        "counters_api.take_up",
        "counters_api.transfer",
        "counters_api.walk_direct",
    ),
    "release a counter": ("counters_api.release_counter",),
    "look after people": (
        "manager.people.everyone",
        "manager.people.add",
        "manager.people.one",
        "manager.people.save",
        "manager.people.password",
        "manager.people.pin",
        "manager.people.sign_out",
        "manager.people.unlock",
        "manager.people.remove",
    ),
    "look after devices": (
        "manager.devices.page",
        "manager.devices.pair",
        "manager.devices.rename",
        "manager.devices.revoke",
    ),
    "make tokens": ("manager.devices.token",),
    "read reports": (
        "reports_api.wait_times",
        "reports_api.estimate_accuracy",
        "manager.estimates.show",
        "reports_api.service_times",
        "reports_api.counters",
        "reports_api.out_of_order",
        "reports_api.ratings",
        "reports_api.estimate_errors",
        "manager.reports.show",
        "manager.reports.exports.begin",
        "manager.reports.exports.state",
        "manager.reports.exports.cancel",
        "manager.reports.exports.file",
    ),
    "import the set-up": ("manager.whole_setup.bring",),
    "manage": (
        "manager.hall",
        "manager.today.today",
        "manager.day.show",
        "alerts_api.list_alerts",
        "alerts_api.alert_seen",
        "manager.tickets",
        "manager.ticket_list",
        "manager.ticket_picture",
        "manager.hours.edit",
        "manager.hours.save",
        "manager.displays.edit",
        "manager.displays.save",
        "manager.media.listed",
        "manager.media.upload",
        "manager.media.write",
        "manager.media.change",
        "manager.media.results",
        "manager.portal.state",
        "manager.portal.try_now",
        "manager.portal.refused",
        "manager.portal.decide",
        "manager.ratings.page",
        "manager.doctor.page",
        "manager.doctor.look",
        "manager.doctor.test",
        "manager.slip.edit",
        "manager.reports.settings.edit",
        "manager.reports.settings.save",
        "manager.slip.save",
        "manager.slip.kept_picture",
        "manager.slip.picture",
        "manager.voice.settings",
        "manager.voice.save",
        "manager.voice.test",
        "manager.voice.clip",
        "manager.voice.record",
        "manager.setup.overview",
        "manager.setup.section",
        "manager.setup.edit",
        "manager.setup.save",
        "manager.whole_setup.changes",
        "manager.whole_setup.file",
        "manager.whole_setup.download",
    ),
}
"""Permission → endpoints (blueprint and function)."""

_PERMISSION_OF = {endpoint: permission for permission, endpoints in _ROUTES.items() for endpoint in endpoints}


def permission_of(endpoint: str) -> str:
    """What the endpoint asks for; raises KeyError for one that is not listed."""
    return ANYONE if _is_static(endpoint) else _PERMISSION_OF[endpoint]


def unlisted(endpoints: Iterable[str]) -> list[str]:
    """Those of a server's endpoints that stand in no line above."""
    return sorted(one for one in set(endpoints) if one not in _PERMISSION_OF and not _is_static(one))


def _is_static(endpoint: str) -> bool:
    return endpoint.endswith(".static")
