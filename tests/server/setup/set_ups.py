"""Set-ups as hypothesis draws them: any that keeps the rules."""

from __future__ import annotations

import base64
import io
from datetime import date
from typing import Any

from hypothesis import strategies as st
from PIL import Image

from server import editing
from server.editing import SetUp
from server.editing.devices import Display, Kiosk, ScreenReading
from server.editing.hall import Notice, Outcome, ParkReason, PauseReason, Priority
from server.editing.hours import Hours
from server.editing.media import Media
from server.editing.people import Person
from server.editing.rules import Calling, Estimates, Numbers, Ratings, Reports
from server.editing.services import Service, icons
from server.editing.ticket import PARTS, Ticket
from server.editing.voice import Voice
from server.editing.watching import AlertRules
from server.editing.work_profiles import Counter, WorkProfile

LETTERS, DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"


def logo() -> str:
    out = io.BytesIO()
    Image.new("1", (40, 20)).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


ids = st.builds(str.__add__, st.sampled_from(LETTERS + DIGITS), st.text(LETTERS + DIGITS + "-", max_size=10))
word = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=39)
line = st.builds("{} {}".format, word, word)
texts = st.fixed_dictionaries({"ar": line, "fr": line}, optional={"zgh": line})


spans = st.sampled_from(["", "08:30-12:00", "08:30-12:00, 14:00-16:30", "00:00-24:00"])
weeks = st.dictionaries(st.sampled_from(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]), spans)
dates = st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(date.isoformat)
some_names = st.dictionaries(st.sampled_from(["ar", "zgh", "fr"]), line, min_size=1)
footers = st.lists(line, max_size=3).map("\n".join)


@st.composite
def hours(draw: Any, services: list[str]) -> dict[str, Any]:
    first, last = draw(st.sampled_from([("2026-02-18", "2026-03-19"), ("2027-07-01", "2027-08-31")]))
    seasons = [{"first": first, "last": last, "name": draw(some_names), "week": draw(weeks)}]
    own = st.one_of(st.just({"always": True}), st.fixed_dictionaries({"week": weeks}))
    return {
        "kept": draw(st.booleans()), "week": draw(weeks), "seasons": seasons[: draw(st.integers(0, 1))],
        "days": [{"day": day, "name": draw(some_names), "hours": draw(spans)} for day in draw(st.sets(dates, max_size=3))],
        "services": draw(st.dictionaries(st.sampled_from(services), own, max_size=2)),
        "turn_away": {"on": draw(st.booleans()), "margin_minutes": draw(st.integers(0, 240))},
        "day_end": draw(st.sampled_from([{}, {"at": "18:30"}, {"minutes_after_closing": 0}])),
    }  # fmt: skip


@st.composite
def tickets(draw: Any) -> dict[str, Any]:
    return {
        "layout": draw(st.dictionaries(st.sampled_from(PARTS), st.booleans())),
        "footer": draw(st.dictionaries(st.sampled_from(["ar", "zgh", "fr"]), footers)),
        "logo": draw(st.sampled_from(["", logo()])),
    }


@st.composite
def voices(draw: Any) -> dict[str, Any]:
    since = draw(st.lists(st.sampled_from(["00:00", "08:30", "23:59"]), min_size=1, unique=True))
    return {
        "languages": draw(st.lists(st.sampled_from(["ar", "zgh", "fr"]), unique=True)), "visitor_first": draw(st.booleans()),
        "repeats": draw(st.integers(1, 3)), "volume": [{"since": one, "level": draw(st.integers(0, 100))} for one in since],
    }  # fmt: skip


shown_texts = st.fixed_dictionaries(
    {"text": st.dictionaries(st.sampled_from(["ar", "zgh", "fr"]), line, min_size=1), "seconds": st.integers(3, 600)},
    optional={
        "displays": st.lists(line.map(lambda name: name[:60]), max_size=2), "begins": st.just("2026-01-01"), "ends": dates,
        "since": st.just("08:30"), "until": st.sampled_from(["08:31", "23:59"]),
    },
)  # fmt: skip


@st.composite
def people(draw: Any) -> list[dict[str, Any]]:
    return [
        {"id": login, "name": draw(line), "role": draw(st.sampled_from(["clerk", "manager", "administrator"])),
         "languages": draw(st.lists(st.sampled_from(["ar", "zgh", "fr"]), unique=True))}
        for login in draw(st.lists(ids, max_size=3, unique=True).map(sorted))
    ]  # fmt: skip


@st.composite
def set_ups(draw: Any) -> SetUp:
    """Any set-up that keeps the rules."""
    names = draw(st.lists(ids, min_size=1, max_size=5, unique=True))
    prefixes = draw(
        st.lists(st.text(LETTERS.upper(), min_size=1, max_size=2), min_size=len(names), max_size=len(names), unique=True)
    )
    services = [
        {
            "id": id, "prefix": prefix, "name": draw(texts), "icon": draw(st.sampled_from(icons())), "open": draw(st.booleans()),
            "target_minutes": draw(st.integers(1, 600)), "documents": draw(st.lists(texts, max_size=2)),
            "first": draw(st.integers(1, 50)), "last": draw(st.integers(50, 9999)), "keeps_place": draw(st.booleans()),
            **draw(st.dictionaries(st.sampled_from(["sentence", "fees", "delay", "steps", "heading"]), texts)),
        }
        for id, prefix in zip(names, prefixes, strict=True)
    ]  # fmt: skip
    some = st.lists(st.sampled_from(names), min_size=1, unique=True)
    profiles = [
        {"id": id, "name": draw(texts), "services": {one: draw(st.integers(1, 9)) for one in draw(some)}}
        for id in draw(st.lists(ids, max_size=2, unique=True))
    ]
    counters = [
        {"id": number, "number": number, "profile": draw(st.sampled_from([None, *(one["id"] for one in profiles)]))}
        for number in draw(st.sets(st.integers(1, 30), max_size=4).map(sorted))
    ]
    named = st.lists(st.fixed_dictionaries({"id": ids, "name": texts}), max_size=3, unique_by=lambda one: one["id"])
    day = st.sampled_from([None, "2026-11-01T08:00"])
    data: dict[str, tuple[type[Any], list[dict[str, Any]]]] = {
        "calling": (Calling, [{"cap_minutes": draw(st.integers(1, 480)), "prefer_one_in": draw(st.integers(2, 20)),
                               "early_minutes": draw(st.integers(0, 120)), "auto_next": draw(st.booleans())}]),
        "numbers": (Numbers, [{"day_starts": draw(st.sampled_from(["00:00", "04:30", "07:59"]))}]),
        "services": (Service, services),
        "work_profiles": (WorkProfile, profiles),
        "counters": (Counter, counters),
        "priorities": (Priority, draw(named)),
        "messages": (Notice, [{"id": id, "text": draw(texts), "begins": draw(day)} for id in draw(st.sets(st.integers(1, 9)))]),
        "pause_reasons": (PauseReason, draw(named)),
        "park_reasons": (ParkReason, draw(named)),
        "outcomes": (Outcome, draw(named)),
        "estimates": (Estimates, [{"after_waits": draw(st.integers(20, 5000))}]),
        "ratings": (Ratings, [{"rating_days": draw(st.integers(1, 90))}]),
        "alerts": (AlertRules, [{"waiting": draw(st.integers(0, 9999)), "waiting_for": dict.fromkeys(names[:1], 7)}]),
        "hours": (Hours, [draw(hours(names))]),
        "ticket": (Ticket, [draw(tickets())]),
        "voice": (Voice, [draw(voices())]),
        "reports": (Reports, [{"clerk_figures": draw(st.booleans()), "keep_rows_days": draw(st.sampled_from([None, 31, 400]))}]),
        "people": (Person, draw(people())),
        "media": (Media, [{"results": draw(st.booleans()), "texts": draw(st.lists(shown_texts, max_size=3))}]),
        "readings": (ScreenReading, [{"id": "d 1", "distance_m": draw(st.floats(1, 40)), "diagonal_in": 43}]),
        "kiosks": (Kiosk, [{"id": name[:60], "services": draw(some)} for name in draw(st.sets(line, max_size=1))]),
        "displays": (Display, [{"id": "d 1", "title": draw(texts), "counters": [one["id"] for one in counters[:1]]}]),
    }  # fmt: skip
    things: dict[str, tuple[Any, ...]] = {}
    for name, (kind, entries) in data.items():
        made = [editing.made(kind, entry, name) for entry in entries]
        assert all(isinstance(one, editing.Thing) for one in made), made
        things[name] = tuple(made)
    return SetUp(things)
