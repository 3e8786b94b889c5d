"""Morocco's public holidays with a fixed date, and the names of those that follow the moon.

Fixed dates: royal decrees 2-77-169 and 2-00-166 as amended, and decree 2-23-1000 for 14 January. The moon's dates are announced
shortly before, so the manager types them.
"""

from __future__ import annotations

from datetime import date, timedelta

from server.opening.calendar import Calendar, Names, SpecialDay

FIXED: tuple[tuple[int, int, Names], ...] = (
    (1, 1, {"ar": "فاتح السنة الميلادية", "zgh": "ⵉⵅⴼ ⵏ ⵓⵙⴳⴳⵯⴰⵙ ⴰⵎⵉⵍⴰⴷⵉ", "fr": "Nouvel An"}),
    (1, 11, {"ar": "ذكرى تقديم وثيقة الاستقلال", "zgh": "ⴰⴽⵜⵜⴰⵢ ⵏ ⵓⵙⵉⵎⵏ ⵏ ⵜⵡⵓⵍⵇⵜ ⵏ ⵓⵙⵉⵎⴰⵏ", "fr": "Manifeste de l’Indépendance"}),
    (1, 14, {"ar": "رأس السنة الأمازيغية", "zgh": "ⵉⵅⴼ ⵏ ⵓⵙⴳⴳⵯⴰⵙ ⴰⵎⴰⵣⵉⵖ", "fr": "Nouvel An amazigh"}),
    (5, 1, {"ar": "عيد الشغل", "zgh": "ⴰⵙⵙ ⵏ ⵜⵡⵓⵔⵉ", "fr": "Fête du Travail"}),
    (7, 30, {"ar": "عيد العرش", "zgh": "ⵜⴰⴼⴰⵙⴽⴰ ⵏ ⵓⴽⵓⵔⵙⵉ", "fr": "Fête du Trône"}),
    (8, 14, {"ar": "ذكرى استرجاع إقليم وادي الذهب", "zgh": "ⴰⴽⵜⵜⴰⵢ ⵏ ⵡⴰⴷ ⴷⴷⴰⵀⴰⴱ", "fr": "Récupération de Oued Ed-Dahab"}),
    (8, 20, {"ar": "ذكرى ثورة الملك والشعب", "zgh": "ⴰⴽⵜⵜⴰⵢ ⵏ ⵜⴰⴳⵔⴰⵡⵍⴰ ⵏ ⵓⴳⵍⵍⵉⴷ ⴷ ⵓⴳⴷⵓⴷ", "fr": "Révolution du Roi et du Peuple"}),
    (8, 21, {"ar": "عيد الشباب", "zgh": "ⵜⴰⴼⴰⵙⴽⴰ ⵏ ⵉⵄⵔⵔⵉⵎⵏ", "fr": "Fête de la Jeunesse"}),
    (11, 6, {"ar": "ذكرى المسيرة الخضراء", "zgh": "ⴰⴽⵜⵜⴰⵢ ⵏ ⵜⵉⴽⵍⵉ ⵜⴰⵣⴳⵣⴰⵡⵜ", "fr": "Marche Verte"}),
    (11, 18, {"ar": "عيد الاستقلال", "zgh": "ⵜⴰⴼⴰⵙⴽⴰ ⵏ ⵓⵙⵉⵎⴰⵏ", "fr": "Fête de l’Indépendance"}),
)  # fmt: skip

BY_THE_MOON: tuple[Names, ...] = (
    {"ar": "عيد الفطر", "zgh": "ⵍⵄⵉⴷ ⵏ ⵓⴼⵟⵟⵓⵔ", "fr": "Aïd al-Fitr"},
    {"ar": "عيد الأضحى", "zgh": "ⵜⴰⴼⴰⵙⴽⴰ", "fr": "Aïd al-Adha"},
    {"ar": "فاتح محرم", "zgh": "ⵉⵅⴼ ⵏ ⵓⵙⴳⴳⵯⴰⵙ ⴰⵏⵙⵍⴰⵎ", "fr": "1er Moharram"},
    {"ar": "عيد المولد النبوي", "zgh": "ⵍⵎⵓⵍⵓⴷ", "fr": "Aïd al-Mawlid"},
)


AHEAD_DAYS = 60


def not_listed(calendar: Calendar, today: date) -> list[SpecialDay]:
    """The fixed holidays of the next AHEAD_DAYS that the calendar says nothing of."""
    known = {one.day for one in calendar.special}
    coming = [*fixed(today.year), *fixed(today.year + 1)]
    return [one for one in coming if today <= one.day <= today + timedelta(days=AHEAD_DAYS) and one.day not in known]


def fixed(year: int) -> list[SpecialDay]:
    """The public holidays of a year whose dates are fixed; closed."""
    return [SpecialDay(date(year, month, day), name) for month, day, name in FIXED]
