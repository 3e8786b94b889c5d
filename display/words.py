"""The hall display's words: key → English sentence, shown in the three languages of the hall at once."""

from __future__ import annotations

from server.errors import N_
from server.web.waits import ABOUT, AT_MOST, USUALLY

WORDS = {
    "counter": N_("Counter"),
    "now_calling": N_("Now calling"),
    "last_calls": N_("Last calls"),
    "waiting": N_("Waiting"),
    "about": ABOUT,
    "usually": USUALLY,
    "at_most": AT_MOST,
    "closed_now": N_("Closed at the moment"),
    "no_call_title": N_("Welcome"),
    "no_call_text": N_("Your number will be shown here with its counter."),
    "lost_title": N_("The connection is lost"),
    "lost_screen_text": N_("This screen no longer shows the calls. Please listen to the staff of the hall."),
    "refused_title": N_("This screen is not in service"),
    "refused_screen_text": N_("Please listen to the staff of the hall."),
}
