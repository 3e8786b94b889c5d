"""The form of the voice's settings: what a manager sent, and what of it can't be kept."""

from __future__ import annotations

import re

from werkzeug.datastructures import MultiDict

from server.errors import N_, Refused
from server.setup.voice import LANGUAGES, LOUDEST, MOST_HOURS, MOST_REPEATS, Loudness, VoiceChoices

_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)

Form = MultiDict[str, str]


class WrongVolume(Refused):
    status, slug = 422, "wrong-volume"
    message = N_("Write each hour as 08:30 and how loud as a number from 0 to 100.")


class NoVolume(Refused):
    status, slug = 422, "no-volume"
    message = N_("Say at least once how loud the voice is.")


class HourTwice(Refused):
    status, slug = 422, "hour-twice"
    message = N_("The hour %(hour)s is there twice.")


def read(form: Form) -> tuple[VoiceChoices, Refused | None]:
    """What the form says, and what is wrong with its volumes if anything is (then they are those that come with Istiqbal)."""
    languages = tuple(dict.fromkeys(code for code in form.getlist("language") if code in LANGUAGES))
    repeats = form.get("repeats", "1")
    kept = VoiceChoices(
        languages=languages,
        visitor_first="visitor_first" in form,
        repeats=int(repeats) if repeats in map(str, range(1, MOST_REPEATS + 1)) else 1,
    )
    try:
        volume = _volume(rows(form))
    except Refused as refusal:
        return kept, refusal
    return VoiceChoices(kept.languages, kept.visitor_first, kept.repeats, volume), None


def rows(form: Form) -> list[tuple[str, str]]:
    """The filled-in rows of hours and levels, as they were typed."""
    typed = zip(form.getlist("since")[:MOST_HOURS], form.getlist("level")[:MOST_HOURS], strict=False)
    return [(since.strip(), level.strip()) for since, level in typed if since.strip()]


def _volume(typed: list[tuple[str, str]]) -> tuple[Loudness, ...]:
    found: dict[str, Loudness] = {}
    for since, level in typed:
        if not (_HOUR.fullmatch(since) and re.fullmatch(r"\d{1,3}", level, re.ASCII) and int(level) <= LOUDEST):
            raise WrongVolume
        if since in found:
            raise HourTwice(hour=since)
        found[since] = Loudness(since, int(level))
    if not found:
        raise NoVolume
    return tuple(found[since] for since in sorted(found))
