"""The kiosk's words: key → English sentence, written in each language by the catalogs."""

from __future__ import annotations

from server.errors import N_
from server.web.waits import ABOUT, ABOUT_WITH_RANGE

WORDS = {
    "welcome": N_("Welcome"),
    "choose_language": N_("Choose your language"),
    "this_language": N_("For English, choose this."),
    "choose_service": N_("What do you come for?"),
    "choose_service_hint": N_("Touch a service to see what it needs and to take a ticket."),
    "other_services": N_("Other services"),
    "more_services": N_("More services"),
    "previous": N_("Previous"),
    "back": N_("Back"),
    "language": N_("Language"),
    "closed_now": N_("Closed at the moment"),
    "full_now": N_("Full for today"),
    "waiting": N_("Waiting"),
    "bring": N_("Bring with you"),
    "bring_nothing": N_("No document is needed"),
    "fees": N_("What it costs"),
    "delay": N_("When it is ready"),
    "steps": N_("How it goes"),
    "take_ticket": N_("Take a ticket"),
    "with_priority": N_("Ticket with priority"),
    "service_closed": N_("This service gives no tickets at the moment. Please come back during its opening hours."),
    "priority_title": N_("Why do you need priority?"),
    "priority_text": N_("The clerk may ask you about it. Thank you for leaving it to those who need it."),
    "one_moment": N_("One moment, please…"),
    "your_number": N_("Your number"),
    "people_ahead": N_("People ahead of you"),
    "estimated_wait": N_("Estimated wait"),
    "about": ABOUT,
    "about_with_range": ABOUT_WITH_RANGE,
    "you_are_next": N_("You are next"),
    "taken_at": N_("Taken on"),
    "code_text": N_("Follow your turn on your phone"),
    "code_picture": N_("Code that leads to your ticket's page"),
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
    "still_there": N_("Are you still there? This screen will clear itself."),
    "more_time": N_("I need more time"),
    "mode_low": N_("Lower screen"),
    "mode_strong": N_("Large letters"),
    "mode_audio": N_("Spoken"),
    "audio_help": N_("The arrow keys go from one choice to the next. Enter chooses. Zero repeats. Escape goes back."),
    "information": N_("Information"),
    "help_title": N_("Help by telephone"),
    "help_text": N_("The administration's call centre answers you at 3737."),
    "from_morocco": N_("From Morocco"),
    "from_abroad": N_("From abroad"),
    "complain_title": N_("Complaint, observation or suggestion"),
    "complain_text": N_("Write to us on the national complaint portal, or call 3737."),
    "services_title": N_("Each service"),
    "services_text": N_("Documents to bring, fees and delays are shown before you take a ticket."),
    "see_services": N_("See the services"),
    "no_ticket": N_("No ticket was given"),
    "try_again": N_("Please try again, or ask at the reception."),
    "lost_title": N_("The connection is lost"),
    "lost_text": N_("This machine can't give tickets at the moment. Please ask at the reception; it will work again by itself."),
    "refused_title": N_("This machine is not in service"),
    "refused_text": N_("Please ask at the reception."),
    "hall_closed_title": N_("We are closed now"),
    "hall_closed_text": N_("Thank you for coming. Tickets are given here during opening hours."),
    "full_title": N_("No more tickets today"),
    "full_text": N_("Those who wait fill the time that is left. We are sorry that we can't receive you any more today."),
    "all_closed_title": N_("No tickets at the moment"),
    "all_closed_text": N_("All services are closed. Please come back during opening hours or ask at the reception."),
}
