"""Numbered migrations: each function is applied once, in order; `PRAGMA user_version` counts them.

One module each. A migration that has been released is never edited; add a new one at the end of the list.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

from server.store.migrations.alerts import alerts
from server.store.migrations.aside import aside
from server.store.migrations.calling_memory import calling_memory
from server.store.migrations.display_media import display_media
from server.store.migrations.editable_setup import editable_setup
from server.store.migrations.feedback import feedback
from server.store.migrations.first_tables import first_tables
from server.store.migrations.more_packs import more_packs
from server.store.migrations.opening_hours import opening_hours
from server.store.migrations.own_secrets import own_secrets
from server.store.migrations.people_and_devices import people_and_devices
from server.store.migrations.portal_line import portal_line
from server.store.migrations.promises import promises
from server.store.migrations.put_aside import put_aside
from server.store.migrations.report_packs import report_packs
from server.store.migrations.report_sendings import report_sendings
from server.store.migrations.service_information import service_information
from server.store.migrations.visits_of_day import visits_of_day

MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    first_tables,
    editable_setup,
    people_and_devices,
    service_information,
    opening_hours,
    report_packs,
    promises,
    report_sendings,
    portal_line,
    visits_of_day,
    feedback,
    alerts,
    display_media,
    more_packs,
    calling_memory,
    aside,
    own_secrets,
    put_aside,
)
