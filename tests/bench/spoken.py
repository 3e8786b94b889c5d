"""How long a spoken call lasts with the packaged clips: `python -m tests.bench.spoken`. Pauses: display/static/voice.js."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median

from server.setup.voice import LANGUAGES
from server.voice.clips import PACKAGED, manifest
from server.voice.phrases import CHIME, said_call

VOICE = Path(__file__).parents[2] / "display" / "static" / "voice.js"
COUNTER = 4


def pause(name: str) -> float:
    """Seconds of one of the player's pauses."""
    found = re.search(rf"^const {name} = ([\d.]+);", VOICE.read_text(encoding="utf-8"), flags=re.M)
    assert found is not None
    return float(found[1])


def lasts(language: str, ticket: str) -> float:
    """Seconds from the first clip of a call to the end of its last."""
    phrases = said_call(language, ticket, COUNTER)
    clips = sum(manifest()[f"{language}/{clip}"]["seconds"] for phrase in phrases for clip in phrase)
    joins = sum(len(phrase) - 1 for phrase in phrases)
    return float(clips + joins * pause("JOIN") + (len(phrases) - 1) * pause("PAUSE"))


def main() -> None:
    for language in LANGUAGES:
        print(f"{language}: {median(lasts(language, f'A{number:03}') for number in range(1, 1000)):.1f} s (median of A001 to A999)")
    print(f"chime: {manifest()[CHIME]['seconds']:.1f} s")
    size = sum(path.stat().st_size for path in PACKAGED.rglob("*.ogg"))
    print(f"{len(manifest())} clips, {size / 1_000_000:.1f} MB")


if __name__ == "__main__":
    main()
