"""Whole numbers from 0 to 9999 in words, as people in a Moroccan hall say them.

A number is said as up to three parts: thousands, hundreds and what is left below a hundred, each one clip. Arabic and Amazigh join
them with “and”, French does not. Arabic is written with its vowels, in the pausal form at the end of each part; Amazigh is the
standard of IRCAM (La nouvelle grammaire de l'amazighe, 2008) in Tifinagh.
"""

from __future__ import annotations

from typing import Literal

Gender = Literal["m", "f"]

LARGEST = 9999
AND = {"ar": "وَ", "zgh": "ⴷ "}
"""What stands before every part but the first; French has nothing there."""

_AR_ONES = {
    "m": ("صِفْرْ", "وَاحِدْ", "اِثْنَانْ", "ثَلَاثَةْ", "أَرْبَعَةْ", "خَمْسَةْ", "سِتَّةْ", "سَبْعَةْ", "ثَمَانِيَةْ", "تِسْعَةْ", "عَشَرَةْ"),
    "f": ("صِفْرْ", "وَاحِدَةْ", "اِثْنَتَانْ", "ثَلَاثْ", "أَرْبَعْ", "خَمْسْ", "سِتّْ", "سَبْعْ", "ثَمَانْ", "تِسْعْ", "عَشْرْ"),
}
_AR_TEEN_ONES = {
    "m": ("أَحَدَ", "اِثْنَا", "ثَلَاثَةَ", "أَرْبَعَةَ", "خَمْسَةَ", "سِتَّةَ", "سَبْعَةَ", "ثَمَانِيَةَ", "تِسْعَةَ"),
    "f": ("إِحْدَى", "اِثْنَتَا", "ثَلَاثَ", "أَرْبَعَ", "خَمْسَ", "سِتَّ", "سَبْعَ", "ثَمَانِيَ", "تِسْعَ"),
}
_AR_TEN = {"m": "عَشَرْ", "f": "عَشْرَةْ"}
_AR_BEFORE_TENS = {
    "m": ("وَاحِدٌ", "اِثْنَانِ", "ثَلَاثَةٌ", "أَرْبَعَةٌ", "خَمْسَةٌ", "سِتَّةٌ", "سَبْعَةٌ", "ثَمَانِيَةٌ", "تِسْعَةٌ"),
    "f": ("إِحْدَى", "اِثْنَتَانِ", "ثَلَاثٌ", "أَرْبَعٌ", "خَمْسٌ", "سِتٌّ", "سَبْعٌ", "ثَمَانٍ", "تِسْعٌ"),
}
_AR_TENS = ("عِشْرُونْ", "ثَلَاثُونْ", "أَرْبَعُونْ", "خَمْسُونْ", "سِتُّونْ", "سَبْعُونْ", "ثَمَانُونْ", "تِسْعُونْ")
_AR_HUNDREDS = (
    "مِئَةْ", "مِئَتَانْ", "ثَلَاثُمِئَةْ", "أَرْبَعُمِئَةْ", "خَمْسُمِئَةْ", "سِتُّمِئَةْ", "سَبْعُمِئَةْ", "ثَمَانِمِئَةْ", "تِسْعُمِئَةْ",
)  # fmt: skip
_AR_THOUSANDS = (
    "أَلْفْ", "أَلْفَانْ", "ثَلَاثَةُ آلَافْ", "أَرْبَعَةُ آلَافْ", "خَمْسَةُ آلَافْ", "سِتَّةُ آلَافْ", "سَبْعَةُ آلَافْ", "ثَمَانِيَةُ آلَافْ",
    "تِسْعَةُ آلَافْ",
)  # fmt: skip

_FR_ONES = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze",
    "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_FR_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}

_ZGH_ONES = ("ⴰⵎⵢⴰ", "ⵢⴰⵏ", "ⵙⵉⵏ", "ⴽⵕⴰⴹ", "ⴽⴽⵓⵥ", "ⵙⵎⵎⵓⵙ", "ⵚⴹⵉⵚ", "ⵙⴰ", "ⵜⴰⵎ", "ⵜⵥⴰ", "ⵎⵔⴰⵡ")
_ZGH_ONES_F = ("ⵙⵏⴰⵜ", "ⴽⵕⴰⴹⵜ", "ⴽⴽⵓⵥⵜ", "ⵙⵎⵎⵓⵙⵜ", "ⵚⴹⵉⵚⵜ", "ⵙⴰⵜ", "ⵜⴰⵎⵜ", "ⵜⵥⴰⵜ")
_ZGH_TENS = ("ⵙⵉⵎⵔⴰⵡ", "ⴽⵕⴰⵎⵔⴰⵡ", "ⴽⴽⵓⵎⵔⴰⵡ", "ⵙⵎⵎⵓⵎⵔⴰⵡ", "ⵚⴹⵉⵎⵔⴰⵡ", "ⵙⴰⵎⵔⴰⵡ", "ⵜⴰⵎⵔⴰⵡ", "ⵜⵥⴰⵎⵔⴰⵡ")


def parts(number: int) -> list[int]:
    """Thousands, hundreds and the rest, those that there are: 1142 → [1000, 100, 42]. Raises ValueError outside 0 to LARGEST."""
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not between 0 and {LARGEST}")
    split = [number // 1000 * 1000, number % 1000 // 100 * 100, number % 100]
    return [part for part in split if part] or [0]


def words(language: str, number: int, gender: Gender = "m") -> str:
    """A number in words; `gender` is that of what is counted (Arabic alone asks). A number that is a name, as a ticket's or a
    counter's, is said as when masculine things are counted.
    """
    part_words = {"ar": lambda part: _arabic(part, gender), "fr": _french, "zgh": _amazigh}[language]
    said = [part_words(part) for part in parts(number)]
    if language == "fr":
        return " ".join(said).replace("cents ", "cent ")
    return " ".join([said[0], *(and_(language, part) for part in said[1:])])


def and_(language: str, said: str) -> str:
    """“And” before words; Arabic's leaning alif (اِثْنَانْ) loses its vowel there."""
    return AND[language] + ("ا" + said[2:] if said.startswith("اِ") else said)


def _arabic(part: int, gender: Gender) -> str:
    """One part; 3 to 10 take the ending opposite to what is counted, units stand before tens. A hundred (مِئَة) is itself
    feminine and a thousand (أَلْف) masculine, hence ثَلَاثُمِئَة but ثَلَاثَةُ آلَاف.
    """
    if part >= 1000:
        return _AR_THOUSANDS[part // 1000 - 1]
    if part >= 100:
        return _AR_HUNDREDS[part // 100 - 1]
    if part <= 10:
        return _AR_ONES[gender][part]
    tens, ones = divmod(part, 10)
    if tens == 1:
        return f"{_AR_TEEN_ONES[gender][ones - 1]} {_AR_TEN[gender]}"
    if ones == 0:
        return _AR_TENS[tens - 2]
    return f"{_AR_BEFORE_TENS[gender][ones - 1]} {AND['ar']}{_AR_TENS[tens - 2]}"


def _french(part: int) -> str:
    """One part, as in France and Morocco: soixante et onze, quatre-vingts, quatre-vingt-un, quatre-vingt-onze."""
    if part >= 1000:
        return "mille" if part == 1000 else f"{_FR_ONES[part // 1000]} mille"
    if part >= 100:
        return "cent" if part == 100 else f"{_FR_ONES[part // 100]} cents"
    if part < 20:
        return _FR_ONES[part]
    tens = part // 10 * 10
    if tens in (70, 90):
        tens -= 10
    rest = part - tens
    if rest == 0:
        return _FR_TENS[tens] + ("s" if tens == 80 else "")
    joined = " et " if rest in (1, 11) and tens != 80 else "-"
    return f"{_FR_TENS[tens]}{joined}{_FR_ONES[rest]}"


def _amazigh(part: int) -> str:
    """One part: units before ten up to 19 (ⵢⴰⵏ ⴷ ⵎⵔⴰⵡ), behind the tens from 21 on (ⵙⵉⵎⵔⴰⵡ ⴷ ⵢⴰⵏ)."""
    if part >= 1000:
        return "ⵉⴼⴹ" if part == 1000 else f"{_ZGH_ONES[part // 1000]} ⵉⴼⴹⴰⵏ"
    if part >= 100:
        return "ⵜⵉⵎⵉⴹⵉ" if part == 100 else f"{_ZGH_ONES_F[part // 100 - 2]} ⵜⵎⴰⴹ"
    if part <= 10:
        return _ZGH_ONES[part]
    tens, ones = divmod(part, 10)
    if tens == 1:
        return f"{_ZGH_ONES[ones]} {AND['zgh']}{_ZGH_ONES[10]}"
    return _ZGH_TENS[tens - 2] + (f" {AND['zgh']}{_ZGH_ONES[ones]}" if ones else "")
