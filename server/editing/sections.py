"""All sections of the set-up, in the order in which a file has them and changes are made. Another one is one line here."""

from __future__ import annotations

from typing import Any

from server.editing.devices import displays, kiosks, readings
from server.editing.hall import notices, outcomes, park_reasons, pause_reasons, priorities
from server.editing.hours import hours
from server.editing.media import media
from server.editing.people import people
from server.editing.rules import calling, estimates, numbers, ratings, reports
from server.editing.section import Section
from server.editing.services import services
from server.editing.ticket import ticket
from server.editing.voice import voice
from server.editing.watching import alerts
from server.editing.work_profiles import counters, work_profiles

SECTIONS: tuple[Section[Any], ...] = (
    calling,
    numbers,
    estimates,
    hours,
    services,
    work_profiles,
    counters,
    priorities,
    notices,
    pause_reasons,
    park_reasons,
    outcomes,
    kiosks,
    displays,
    readings,
    media,
    ticket,
    voice,
    ratings,
    reports,
    people,
    alerts,
)
BY_NAME = {section.name: section for section in SECTIONS}
