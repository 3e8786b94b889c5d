"""Sentences as sound, by espeak-ng where the machine has it. Without it nothing is spoken and no screen offers to.

espeak-ng has no Amazigh voice. A Tifinagh text is given to its Arabic voice as phonemes, letter by letter: it can be
followed, but it is a stand-in until people record the sentences.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import lru_cache

from server.errors import UnitError

PROGRAM = "espeak-ng"
WORDS_A_MINUTE = "145"
LONGEST_TEXT = 600
SECONDS_AT_MOST = 10
VOICES: Mapping[str, str] = {"ar": "ar", "zgh": "ar", "fr": "fr-fr", "en": "en-gb"}

# Tifinagh → espeak-ng's phoneme names, as its Arabic voice knows them.
PHONEMES: Mapping[str, str] = {
    "ⴰ": "a", "ⴱ": "b", "ⴳ": "g", "ⴷ": "d", "ⴹ": "d[", "ⴻ": "@", "ⴼ": "f", "ⴽ": "k", "ⵀ": "h", "ⵃ": "H", "ⵄ": "A", "ⵅ": "X",
    "ⵇ": "q", "ⵉ": "i", "ⵊ": "Z", "ⵍ": "l", "ⵎ": "m", "ⵏ": "n", "ⵓ": "u", "ⵔ": "R", "ⵕ": "R", "ⵖ": "gH", "ⵙ": "s", "ⵚ": "s[",
    "ⵛ": "S", "ⵜ": "t", "ⵟ": "t[", "ⵡ": "w", "ⵢ": "j", "ⵣ": "z", "ⵥ": "z",
}  # fmt: skip
ARABIC_MINUTES = re.compile("(?<=\\d)[ \u00a0]د(?!\\w)")
"""Written short, said in full: espeak-ng would read the letter's name."""
TIFINAGH = re.compile("[\u2d30-\u2d7f]+")


class CannotSpeak(UnitError):
    """espeak-ng is missing or failed."""


def available() -> bool:
    """Whether this machine can speak."""
    return _program() is not None


@lru_cache(maxsize=1)
def _program() -> str | None:
    return shutil.which(PROGRAM)


@lru_cache(maxsize=128)
def spoken(text: str, lang: str) -> bytes:
    """A text in a language as WAV; the newest 128 are kept. Raises CannotSpeak."""
    return spoken_once(text, lang)


def spoken_once(text: str, lang: str) -> bytes:
    """A text that may be somebody's own, as WAV; nothing of it is kept. Cut after LONGEST_TEXT letters. Raises CannotSpeak."""
    program = _program()
    if program is None:
        raise CannotSpeak("espeak-ng is not installed: apt-get install espeak-ng")
    written = ARABIC_MINUTES.sub(" دقيقة", text[:LONGEST_TEXT])
    command = [program, "-v", VOICES.get(lang, "ar"), "-s", WORDS_A_MINUTE, "--stdin", "--stdout"]
    try:
        done = subprocess.run(
            command, input=phonemes(written).encode(errors="replace"), capture_output=True, timeout=SECONDS_AT_MOST, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotSpeak(f"espeak-ng failed: {error}") from error
    return done.stdout


def phonemes(text: str) -> str:
    """The text with each Tifinagh word as espeak-ng's phonemes in double brackets; brackets of the text's own are no phonemes."""
    return TIFINAGH.sub(lambda word: f"[[{_phonemes(word.group())}]]", text.replace("[[", "[").replace("]]", "]"))


def _phonemes(word: str) -> str:
    """Standard Amazigh writes few schwas; one is put between consonants that no voice could say together."""
    found: list[str] = []
    consonants = 0
    for letter in word:
        sound = PHONEMES.get(letter)
        if sound is None:
            continue
        consonants = 0 if sound in "aiu@" else consonants + 1
        if consonants == 3:
            found.append("@")
            consonants = 1
        found.append(sound)
    return "".join(found)
