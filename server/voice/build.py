"""Makes the packaged clips with espeak-ng: `python -m server.voice.build` (needs Debian's espeak-ng; PyAV encodes).

They are placeholders until a person records the hall's own. Arabic is given with its vowels, since espeak-ng drops those that are
not written; letters are read by the French voice in every language, as Moroccans name Latin letters; there is no Amazigh voice, so
Amazigh is given to the Arabic one in phonemes, letter by letter. Silence is cut off and every clip is brought to one loudness.
"""

from __future__ import annotations

import hashlib
import json
import math
import subprocess
from array import array
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from server.setup.voice import LANGUAGES
from server.voice.clips import MANIFEST, PACKAGED
from server.voice.phrases import CHIME, texts
from server.voice.sound import RATE, Sound, as_opus, decode

SPEED = {"ar": 165, "zgh": 135, "fr": 160}
PITCH = {"ar": 42, "zgh": 46, "fr": 44}
LETTER_NAMES = {"w": "double vé", "y": "i grec", "e": "eu", "h": "hache", "z": "zède"}
PHONEMES = {
    "ⴰ": "a:", "ⴱ": "b", "ⴷ": "d", "ⴹ": "dH", "ⴼ": "f", "ⴽ": "k", "ⵉ": "i:", "ⵎ": "m", "ⵏ": "n", "ⵓ": "u:", "ⵔ": "R", "ⵕ": "R",
    "ⵙ": "s", "ⵚ": "s", "ⵜ": "t", "ⵟ": "t", "ⵡ": "w", "ⵢ": "j", "ⵥ": "z",
}  # fmt: skip
VOWELS = "ⴰⵉⵓ"


def spoken(language: str, clip: str, text: str) -> tuple[str, str]:
    """The voice that says a clip, and what it is given."""
    if clip.startswith("letter-"):
        letter = clip.removeprefix("letter-")
        return "fr", LETTER_NAMES.get(letter, f"{letter}.")
    if language == "zgh":
        return "ar", f"[[{phonemes(text)}]]"
    if language == "ar":
        return "ar", text.replace("ةْ", "هْ")  # a pause turns the feminine ending into a breath
    return "fr", text


def phonemes(text: str) -> str:
    """A Tifinagh text in espeak-ng's phonemes of Arabic, the last vowel of each word stressed."""
    return " ".join(_word(word) for word in text.split())


def _word(word: str) -> str:
    last = max((at for at, letter in enumerate(word) if letter in VOWELS), default=-1)
    return "".join(("'" if at == last else "") + PHONEMES[letter] for at, letter in enumerate(word))


def speak(language: str, clip: str, text: str) -> Sound:
    """One clip, spoken and made ready to be joined; raises CalledProcessError without espeak-ng."""
    voice, given = spoken(language, clip, text)
    command = ["espeak-ng", "-v", voice, "-s", str(SPEED[language]), "-p", str(PITCH[language]), "-z", "--stdout", given]
    made = subprocess.run(command, check=True, capture_output=True)
    return decode(made.stdout).ready()


def chime() -> Sound:
    """Two soft bell tones, a falling major third (E5, C5): each a sine with two fainter partials that die away sooner."""
    length = int(1.25 * RATE)
    samples = array("f", bytes(4 * length))
    for start, frequency in ((0.0, 659.26), (0.42, 523.25)):
        for partial, share, fade in ((1.0, 1.0, 3.6), (2.0, 0.28, 6.0), (3.01, 0.1, 9.0)):
            for at in range(int(start * RATE), length):
                t = at / RATE - start
                rise = min(1.0, t / 0.008)
                samples[at] += 0.3 * share * rise * math.exp(-fade * t) * math.sin(2 * math.pi * frequency * partial * t)
    for at in range(length - int(0.08 * RATE), length):
        samples[at] *= (length - at) / (0.08 * RATE)
    return Sound(samples)


def build(folder: Path = PACKAGED) -> None:
    """Make every clip and the manifest anew."""
    with ThreadPoolExecutor() as workers:
        entries = dict(workers.map(lambda job: _make(folder, *job), _jobs()))
    entries[CHIME] = _write(folder, CHIME, chime(), "", "synthesised, two tones")
    text = json.dumps(dict(sorted(entries.items())), ensure_ascii=False, indent=0, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _jobs() -> Iterator[tuple[str, str, str]]:
    for language in LANGUAGES:
        for clip, text in texts(language).items():
            yield language, clip, text


def _make(folder: Path, language: str, clip: str, text: str) -> tuple[str, dict[str, object]]:
    voice, given = spoken(language, clip, text)
    name = f"{language}/{clip}"
    return name, _write(folder, name, speak(language, clip, text), text, f"espeak-ng, voice {voice}: {given}")


def _write(folder: Path, name: str, sound: Sound, text: str, made: str) -> dict[str, object]:
    path = folder / f"{name}.ogg"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = as_opus(sound)
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()[:12]
    return {"text": text, "seconds": round(sound.seconds, 2), "made": made, "digest": digest}


if __name__ == "__main__":
    build()
