"""Which file is played for a clip: the site's own recording, else the packaged one, else none.

The site's recordings are in the unit's folder, `voice/<language>/<clip>.ogg`; a clip's address names its content, so that a
browser may keep it for ever.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from server.files import write_whole
from server.setup.voice import LANGUAGES
from server.voice.phrases import CHIME, texts

PACKAGED = Path(__file__).resolve().parent / "clips"
MANIFEST = "manifest.json"
FOLDER = "voice"
ADDRESS = "/display/clips"

Source = Literal["site", "packaged", "missing"]


@lru_cache(maxsize=1)
def manifest() -> dict[str, dict[str, Any]]:
    """The packaged clips by name (`ar/n-4`): text, seconds, how it was made, digest."""
    found: dict[str, dict[str, Any]] = json.loads((PACKAGED / MANIFEST).read_text(encoding="utf-8"))
    return found


def known(name: str) -> bool:
    """Whether a call could ever say this clip (`chime`, `fr/n-80`)."""
    language, _, clip = name.partition("/")
    return name == CHIME or (language in LANGUAGES and clip in texts(language))


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip that can be played."""

    name: str
    source: Source
    path: Path
    digest: str

    @property
    def address(self) -> str:
        return f"{ADDRESS}/{self.name}?v={self.digest}"


class Library:
    """The clips of one unit. Looking up costs no disk access; the site's recordings are read at start and when they change;
    `changes` counts how often they did.
    """

    def __init__(self, unit_folder: Path) -> None:
        self._folder = unit_folder / FOLDER
        self._site: dict[str, Clip] = {}
        self.changes = 0
        if self._folder.is_dir():
            for path in sorted(self._folder.rglob("*.ogg")):
                self._take(path.relative_to(self._folder).with_suffix("").as_posix())

    def _take(self, name: str) -> None:
        path = self._path(name)
        if known(name):
            self._site[name] = Clip(name, "site", path, hashlib.sha256(path.read_bytes()).hexdigest()[:12])

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.ogg"

    def find(self, name: str) -> Clip | None:
        """The clip that is played for this name, None when there is none."""
        if name in self._site:
            return self._site[name]
        entry = manifest().get(name)
        return Clip(name, "packaged", PACKAGED / f"{name}.ogg", entry["digest"]) if entry else None

    def source(self, name: str) -> Source:
        clip = self.find(name)
        return clip.source if clip else "missing"

    def missing(self, language: str) -> list[str]:
        """Clips of a language that are neither recorded nor packaged."""
        return [clip for clip in texts(language) if self.find(f"{language}/{clip}") is None]

    def recorded(self, language: str) -> int:
        """How many clips of a language the site recorded itself."""
        return sum(name.startswith(f"{language}/") for name in self._site)

    def keep(self, name: str, content: bytes) -> None:
        """Keep a recording, already checked and made ready, in place of the packaged clip."""
        self._path(name).parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path(name), content)
        self._take(name)
        self.changes += 1

    def forget(self, name: str) -> bool:
        """Delete the site's recording; whether there was one."""
        if self._site.pop(name, None) is None:
            return False
        self.changes += 1
        self._path(name).unlink(missing_ok=True)
        return True
