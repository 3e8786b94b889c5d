"""What the events of the journal are called on the page of a day, and the groups that it filters by."""

from __future__ import annotations

from collections.abc import Mapping

from server.errors import N_

WORDS: Mapping[str, str] = {
    "issued": N_("Ticket given"),
    "walked_in": N_("Served without a ticket"),
    "numbered": N_("Given a number without a ticket"),
    "called": N_("Called"),
    "recalled": N_("Called again"),
    "started": N_("Service began"),
    "served": N_("Service ended"),
    "no_show": N_("Did not come"),
    "recycled": N_("Back in the queue"),
    "parked": N_("Put aside"),
    "resumed": N_("Taken up again"),
    "transferred": N_("Sent on"),
    "cancelled": N_("Ticket given up"),
    "expired": N_("Still waiting at closing"),
    "undone": N_("Last step taken back"),
    "reprinted": N_("Ticket printed again"),
    "print_unknown": N_("Printing uncertain"),
    "print_moved": N_("Printed on the second printer"),
    "printed": N_("Ticket printed"),
    "print_failed": N_("Ticket not printed"),
    "printer_changed": N_("Printer changed state"),
    "printer_tested": N_("Printer tested"),
    "counter_opened": N_("Counter opened"),
    "counter_paused": N_("Counter paused"),
    "counter_closed": N_("Counter closed"),
    "services_opened": N_("Tickets are given"),
    "services_closed": N_("No more tickets are given"),
    "day_ended": N_("The day was ended"),
    "notices_changed": N_("Notices changed"),
    "setup_changed": N_("Set-up changed"),
    "rated": N_("Visit rated"),
    "submitted": N_("Complaint, observation or suggestion"),
    "alert_began": N_("An alert began"),
    "alert_seen": N_("An alert was seen"),
    "alert_ended": N_("An alert ended"),
    "results_counted": N_("Last month’s results were counted"),
    "restored": N_("Restored from a backup"),
    "voice_tested": N_("Voice tested"),
}
"""Event type → English name; one that is not here is shown by its type."""

GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "visits": (
        N_("Visits"),
        ("issued", "walked_in", "numbered", "called", "recalled", "started", "served", "no_show", "recycled", "parked", "resumed",
         "transferred", "cancelled", "expired", "undone"),
    ),
    "absent": (N_("Absent, given up, put aside"), ("no_show", "cancelled", "expired", "parked", "undone")),
    "counters": (N_("Counters"), ("counter_opened", "counter_paused", "counter_closed")),
    "printers": (
        N_("Printers"),
        ("reprinted", "print_unknown", "print_moved", "printed", "print_failed", "printer_changed",
         "printer_tested"),
    ),
    "hall": (
        N_("The hall itself"),
        ("services_opened", "services_closed", "day_ended", "notices_changed", "setup_changed",
         "alert_began", "alert_seen", "alert_ended",
         "results_counted", "restored", "voice_tested"),
    ),
    "voices": (N_("Ratings and complaints"), ("rated", "submitted")),
}  # fmt: skip
