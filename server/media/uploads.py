"""Pictures and films as a manager uploads them: checked, made ready for screens, kept in the unit's folder `media/`."""

from __future__ import annotations

import hashlib
import json
import math
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from werkzeug.datastructures import FileStorage

from server.errors import N_, Refused
from server.files import write_whole
from server.media.items import LARGEST_ALL_MB, Item, add, check_room
from server.media.kinds import looks_like
from server.media.times import Times
from server.setup.media import LONGEST_S, SHORTEST_S, USUAL_S
from server.unit import Unit

FOLDER = "media"
WORK_PREFIX = ".media-"
"""Of the folders, beside `media/`, in which uploads are made ready."""
MB = 1024 * 1024
LARGEST_IMAGE_MB = 15
LARGEST_VIDEO_MB = 60
LARGEST = LARGEST_VIDEO_MB * MB
CONVERTED_WITHIN_S = 60
LONGEST_NAME = 60
_ONE_AT_A_TIME = threading.Lock()
"""Of readers: each may take most of the memory that the server's unit has left."""
_KEPT_NAME = re.compile(r"[0-9a-f]{24}\.(webp|mp4|webm)", re.ASCII)


class NoFile(Refused):
    status, slug = 422, "no-file"
    message = N_("Choose a picture or a film first.")


class NotMedia(Refused):
    status, slug = 422, "no-media"
    message = N_("This file is no picture and no film that a screen can show; choose JPEG, PNG, WebP, GIF, MP4 (H.264) or WebM.")


class MediaTooLarge(Refused):
    status, slug = 413, "media-too-large"
    message = N_("This file is too large; a picture may have %(image)s MB and a film %(video)s MB.")


class NoRoom(Refused):
    status, slug = 409, "no-room-for-media"
    message = N_("All files together may have %(most)s MB; remove one first.")


def too_large() -> MediaTooLarge:
    return MediaTooLarge(image=LARGEST_IMAGE_MB, video=LARGEST_VIDEO_MB)


def path_of(unit_folder: Path, name: str) -> Path | None:
    """Where a kept file is; None for a name that none has."""
    path = unit_folder / FOLDER / name
    return path if _KEPT_NAME.fullmatch(name) and path.is_file() else None


def keep(unit: Unit, actor: str, upload: FileStorage | None) -> int:
    """Check an upload, keep it and show it behind the others; its id. Raises the refusal that names what is wrong."""
    if upload is None or not upload.filename:
        raise NoFile
    with unit.reading() as conn:
        check_room(conn)
    with tempfile.TemporaryDirectory(dir=unit.folder, prefix=WORK_PREFIX) as work:
        source, target = Path(work) / "source", Path(work) / "target"
        upload.save(source)
        _check(source)
        made = _converted(source, target)
        content = target.read_bytes()
    folder = unit.folder / FOLDER
    if sum(path.stat().st_size for path in folder.glob("*.*")) + len(content) > LARGEST_ALL_MB * MB:
        raise NoRoom(most=LARGEST_ALL_MB)
    folder.mkdir(exist_ok=True)
    file = f"{hashlib.sha256(content).hexdigest()[:24]}.{made['suffix']}"
    write_whole(folder / file, content)
    one = Item(0, made["kind"], _name(upload.filename), file, times=Times(seconds=_seconds(made["seconds"])))
    id = unit.writer.run(lambda conn: add(conn, unit.journal, actor, one))
    if not (folder / file).exists():  # the same picture was taken away by somebody in between
        write_whole(folder / file, content)
    return id


def _check(source: Path) -> None:
    """What it says it is and how large; raises NoFile, NotMedia, MediaTooLarge."""
    size = source.stat().st_size
    with source.open("rb") as file:
        found = looks_like(file.read(16))
    if not size:
        raise NoFile
    if found is None:
        raise NotMedia
    if size > (LARGEST_IMAGE_MB if found == "image" else LARGEST_VIDEO_MB) * MB:
        raise too_large()


def _converted(source: Path, target: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "server.media.converting", str(source), str(target)]
    try:
        with _ONE_AT_A_TIME:
            done = subprocess.run(command, capture_output=True, timeout=CONVERTED_WITHIN_S, check=False)
    except subprocess.TimeoutExpired:
        raise NotMedia from None
    if done.returncode != 0 or not target.exists():  # NOT_SHOWN, or the reader itself was brought down by the file
        raise NotMedia
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def _name(filename: str) -> str:
    """The file's own name without its folder and its ending, as the manager knows it."""
    return Path(filename.replace("\\", "/")).stem[:LONGEST_NAME] or "–"


def _seconds(film: float | None) -> int:
    """A picture's usual time, a film's length."""
    return min(max(math.ceil(film), SHORTEST_S), LONGEST_S) if film else USUAL_S
