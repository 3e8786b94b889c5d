"""The kiosk's words: key → English sentence, written in each language by the catalogs."""

from __future__ import annotations

from server.errors import N_

WORDS = {
    "welcome": N_("Welcome"),
    "choose_language": N_("Choose your language"),
    "choose_service": N_("What do you come for?"),
    "choose_service_hint": N_("Touch a service to take a ticket."),
    "back": N_("Back"),
    "language": N_("Language"),
    "closed_now": N_("Closed at the moment"),
    "waiting": N_("Waiting"),
    "one_moment": N_("One moment, please…"),
    "your_number": N_("Your number"),
    "people_ahead": N_("People ahead of you"),
    "you_are_next": N_("You are next"),
    "taken_at": N_("Taken on"),
    "is_printed": N_("Your ticket is being printed. Please take it."),
    "note_number": N_("No ticket is printed here. Your number %(ticket)s is valid: please note it."),
    "no_paper": N_(
        "Sorry, no ticket can be printed here at the moment. Your number %(ticket)s is valid: please note it,"
        " or take a ticket at the kiosk beside."
    ),
    "paper_stopped": N_(
        "The printer has stopped. If no ticket came out, your number %(ticket)s is valid: please note it,"
        " or take a ticket at the kiosk beside."
    ),
    "paper_again": N_("The printer works again. If no ticket comes out, your number %(ticket)s is valid: please note it."),
    "other_printer": N_(
        "This printer has stopped: your ticket may come out of the other one. Your number %(ticket)s is valid anyway."
    ),
    "watch_display": N_("Please sit down and watch the screen in the hall: your number will be shown with its counter."),
    "finish": N_("Finish"),
    "clears_in": N_("This screen clears in %(seconds)s s"),
    "no_ticket": N_("No ticket was given"),
    "try_again": N_("Please try again, or ask at the reception."),
    "lost_title": N_("The connection is lost"),
    "lost_text": N_("This machine can't give tickets at the moment. Please ask at the reception; it will work again by itself."),
    "refused_title": N_("This machine is not in service"),
    "refused_text": N_("Please ask at the reception."),
    "all_closed_title": N_("No tickets at the moment"),
    "all_closed_text": N_("All services are closed. Please come back during opening hours or ask at the reception."),
}
