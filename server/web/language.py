"""The four languages: which there are, which one a reader gets, and how words, dates and times are written in each.

English sentences in the code are the msgids; the catalogs are in `server/translations`. Nothing here needs a request
except `reader_language()`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal
from babel.support import Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel

from server.errors import N_
from server.setup import name_in
from server.web.terms import TERMS

__all__ = [
    "CITIZEN_LANGUAGES",
    "LANGUAGES",
    "N_",
    "Language",
    "calendar",
    "in_language",
    "init_language",
    "normalise",
    "offsets",
    "reader_language",
    "words",
    "written_date",
    "written_datetime",
    "written_for_all",
    "written_number",
    "written_opening",
    "written_share",
    "written_time",
]

CATALOGS = Path(__file__).resolve().parent.parent / "translations"
COOKIE = "istiqbal_language"
DEFAULT = "ar"


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its code in our data, its own name in its own script, its direction, the Babel locale that formats it."""

    code: str
    name: str
    direction: Literal["rtl", "ltr"]
    locale: str


LANGUAGES: Mapping[str, Language] = {
    language.code: language
    for language in (
        Language("ar", "العربية", "rtl", "ar_MA"),
        Language("zgh", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "ltr", "zgh"),
        Language("fr", "Français", "ltr", "fr"),
        Language("en", "English", "ltr", "en_GB"),
    )
}
CITIZEN_LANGUAGES = ("ar", "zgh", "fr")


def init_language(app: Flask) -> None:
    """Give `app` Flask-Babel with our catalogs; templates then have `_()`, in the reader's language."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", LANGUAGES[DEFAULT].locale)
    Babel(app, default_translation_directories=str(CATALOGS), locale_selector=_reader_locale)


def normalise(tag: str | None) -> str | None:
    """Turn a language tag (`ar-MA`, `fr_FR`, `tzm`) into one of our codes, or None when it is none of ours."""
    primary = re.split(r"[-_]", (tag or "").strip().lower(), maxsplit=1)[0]
    primary = {"ber": "zgh", "tzm": "zgh", "shi": "zgh"}.get(primary, primary)
    return primary if primary in LANGUAGES else None


def reader_language() -> Language:
    """The language of who reads this page: `?lang=`, then the cookie, then Accept-Language, then Arabic."""
    if not has_request_context():
        return LANGUAGES[DEFAULT]
    wishes = [request.args.get("lang"), request.cookies.get(COOKIE), *request.accept_languages.values()]
    return LANGUAGES[next((code for code in map(normalise, wishes) if code), DEFAULT)]


def _reader_locale() -> Locale:
    return Locale.parse(reader_language().locale)


@lru_cache(maxsize=len(LANGUAGES))
def _catalog(code: str) -> NullTranslations:
    if code == "en":
        return NullTranslations()
    return Translations.load(str(CATALOGS), [code])


def in_language(lang: str, message: str, **params: Any) -> str:
    """Write an English msgid in language `lang`, its `%(name)s` places filled from `params`.

    A state, an action, a role or a language among the params is written in that language too (`called` → `نودي عليه`), and so is an
    aware datetime: named `opens` as a day with its time, else as a time alone, both where its own time zone is; names by
    language are the one in that language.
    """
    catalog = _catalog(normalise(lang) or DEFAULT)
    written = catalog.gettext(message) if message else ""
    return written % {name: _spoken(catalog, lang, name, value) for name, value in params.items()} if params else written


def _spoken(catalog: NullTranslations, lang: str, name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        lang = normalise(lang) or DEFAULT
        return written_opening(value, lang) if name == "opens" else format_time(value, "HH:mm", locale=LANGUAGES[lang].locale)
    if isinstance(value, Mapping):
        return name_in(value, normalise(lang) or DEFAULT)
    term = TERMS.get(name, {}).get(str(value))
    return catalog.gettext(term) if term else value


def words(lang: str, table: Mapping[str, str]) -> dict[str, str]:
    """A screen's table of words (key → English msgid) written in `lang`."""
    return {key: in_language(lang, message) for key, message in table.items()}


def _there(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def written_time(moment: datetime, lang: str, zone: str) -> str:
    """Hours and minutes of an aware `moment` in time zone `zone`, as written in `lang`: `14:05`."""
    return format_time(_there(moment, zone), "HH:mm", locale=LANGUAGES[lang].locale)


OPENS = N_("%(day)s at %(time)s")
"""A day and a time in one breath: `Monday 23 November at 08:30`."""


def written_opening(moment: datetime, lang: str) -> str:
    """The day and the time of an aware `moment` in its own time zone, as somebody is told when to come again."""
    locale = LANGUAGES[lang].locale
    day = format_date(moment, "EEEE d MMMM", locale=locale)
    return in_language(lang, OPENS, day=day, time=moment)


def written_date(moment: datetime, lang: str, zone: str) -> str:
    """The day of an aware `moment` in time zone `zone`, in words of `lang`: `mardi 3 juin 2025`."""
    return format_date(_there(moment, zone), "full", locale=LANGUAGES[lang].locale)


def written_datetime(moment: datetime, lang: str, zone: str) -> str:
    """The day and the time of an aware `moment` in time zone `zone`, short enough for a ticket: `3 juin 2025, 14:05`."""
    return _written_minute(moment.replace(second=0, microsecond=0), lang, zone)


@lru_cache(maxsize=64)
def _written_minute(moment: datetime, lang: str, zone: str) -> str:
    there = _there(moment, zone)
    locale = LANGUAGES[lang].locale
    day = format_date(there, "long", locale=locale)
    return f"{day}{'،' if lang == 'ar' else ','} {format_datetime(there, 'HH:mm', locale=locale)}"


def written_number(value: float, lang: str, places: int = 0, signed: bool = False) -> str:
    """A number as written in `lang`, with so many places behind its decimal sign: `12 345`, `2,9`, `+0,5`, `−0,5`.

    What is shown as nothing has no sign.
    """
    pattern = "#,##0" + ("." + "0" * places if places else "")
    shown = round(value, places) or 0
    return format_decimal(shown, f"+{pattern};−{pattern}" if signed and shown else pattern, locale=LANGUAGES[lang].locale)


def written_for_all(value: int) -> str:
    """A whole number that stands once for readers of all languages: `12 345`.

    A full stop or a comma would be a decimal sign for some of them; a narrow no-break space is that for nobody.
    """
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def written_share(share: float, lang: str, places: int = 0, even: bool = False) -> str:
    """A share of 1 in hundredths as written in `lang`, of at most so many decimal places: `83 %`, `83,5 %`.

    With `even` of exactly so many, `83,0 %`, as figures that stand under one another have them.
    """
    pattern = "#,##0" + ("." + ("0" if even else "#") * places if places else "")
    return f"{format_decimal(round(share * 100, places), pattern, locale=LANGUAGES[lang].locale)}\N{NARROW NO-BREAK SPACE}%"


def calendar(lang: str) -> dict[str, Any]:
    """What a screen needs to write a date by itself (browsers know no Amazigh): pattern, months and days, Monday first."""
    locale = Locale.parse(LANGUAGES[lang].locale)
    months, days = locale.months["format"]["wide"], locale.days["format"]["wide"]
    return {
        "pattern": locale.date_formats["full"].pattern,
        "months": [months[number] for number in range(1, 13)],
        "days": [days[number] for number in range(7)],
    }


def offsets(zone: str, now: datetime) -> list[list[int]]:
    """The time zone's UTC offsets from yesterday on for two years, as [from second, offset in seconds], for a screen's clock.

    The server's table is used because a browser's own may be older than the country's last change of rules.
    """
    found: list[list[int]] = []
    start = now.replace(minute=0, second=0, microsecond=0) - timedelta(days=1)
    for hour in range(2 * 366 * 24):
        moment = start + timedelta(hours=hour)
        offset = moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
        seconds = int(offset.total_seconds())
        if not found or found[-1][1] != seconds:
            found.append([int(moment.timestamp()), seconds])
    return found
