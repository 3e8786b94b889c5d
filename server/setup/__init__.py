"""The hall's set-up, as a manager decides it, read from the database. It is changed by `server.editing` alone."""

from server.setup.choices import (
    LISTS,
    RATING_DAYS,
    calling_rules,
    choice,
    choose,
    day_begins,
    day_that_starts,
    defaults,
    known_priority,
    lists,
    priorities,
    put_back,
    rating_days,
    service_day,
)
from server.setup.counters import SERVES_ALL, shared_services, unserved, work_profile, work_profiles
from server.setup.devices import NotOfferedHere, Shown, check_offered, kiosk_services, parts_are_shown, shown_on
from server.setup.names import Names, name_in, ticket
from server.setup.notices import messages, messages_at
from server.setup.profiles import UnknownProfile, profile, profiles, seed
from server.setup.reading import BadReading, Reading, checked_reading, keep_readings, readings, readings_shown
from server.setup.services import Service, living_service, open_service, service, services
from server.setup.watching import AlertLimits, alert_limits, limit_alerts

__all__ = [
    "LISTS",
    "RATING_DAYS",
    "SERVES_ALL",
    "AlertLimits",
    "BadReading",
    "Names",
    "NotOfferedHere",
    "Reading",
    "Service",
    "Shown",
    "UnknownProfile",
    "alert_limits",
    "calling_rules",
    "check_offered",
    "checked_reading",
    "choice",
    "choose",
    "day_begins",
    "day_that_starts",
    "defaults",
    "keep_readings",
    "kiosk_services",
    "known_priority",
    "limit_alerts",
    "lists",
    "living_service",
    "messages",
    "messages_at",
    "name_in",
    "open_service",
    "parts_are_shown",
    "priorities",
    "profile",
    "profiles",
    "put_back",
    "rating_days",
    "readings",
    "readings_shown",
    "seed",
    "service",
    "service_day",
    "services",
    "shared_services",
    "shown_on",
    "ticket",
    "unserved",
    "work_profile",
    "work_profiles",
]
