"""The site's own recordings: checked, made ready, kept in place of the packaged clips, and deleted again."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from server.errors import N_, Refused
from server.revisions import note_change
from server.setup.voice import CHOICE
from server.unit import Unit
from server.voice.clips import Library, known

LARGEST = 2 * 1024 * 1024
"""Bytes of an uploaded file: ten seconds of stereo WAV, with room."""
LONGEST_S = 10
CONVERTED_WITHIN_S = 20
TOO_LONG = 4
"""Exit code of the process that reads a recording."""


class UnknownClip(Refused):
    status, slug = 404, "unknown-clip"
    message = N_("There is no recording “%(clip)s” that a call could say.")


class NoRecording(Refused):
    status, slug = 422, "no-recording"
    message = N_("Choose a file with a recording first.")


class RecordingTooLarge(Refused):
    status, slug = 413, "recording-too-large"
    message = N_("This file is too large for a recording; choose one of at most %(limit)s MB.")


class RecordingTooLong(Refused):
    status, slug = 422, "recording-too-long"
    message = N_("This recording is longer than %(limit)s seconds; record the words alone.")


class NotASound(Refused):
    status, slug = 422, "no-sound"
    message = N_("Nothing can be heard in this file; choose a sound file such as WAV, MP3, M4A or OGG.")


def too_large() -> RecordingTooLarge:
    return RecordingTooLarge(limit=LARGEST // 1024 // 1024)


def checked(content: bytes) -> bytes:
    """A recording as it is kept: trimmed, as loud as the other clips, in Ogg Opus. Raises the refusal that names what is wrong."""
    if not content:
        raise NoRecording
    if len(content) > LARGEST:
        raise too_large()
    command = [sys.executable, "-m", "server.voice.converting", str(LONGEST_S)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=CONVERTED_WITHIN_S, check=False)
    except subprocess.TimeoutExpired:
        raise NotASound from None
    if done.returncode == TOO_LONG:
        raise RecordingTooLong(limit=LONGEST_S)
    if done.returncode != 0 or not done.stdout:  # NO_SOUND, or the reader itself was brought down by the file
        raise NotASound
    return done.stdout


def keep(unit: Unit, library: Library, actor: str, name: str, content: bytes) -> None:
    """Check a recording and keep it; displays say it from the next call on. Raises UnknownClip and what `checked` raises."""
    if not known(name):
        raise UnknownClip(clip=name)
    ready = checked(content)

    def command(conn: Any) -> None:
        before = library.source(name)
        library.keep(name, ready)
        note_change(conn, unit.journal, actor, CHOICE, name, before, "site")

    unit.writer.run(command)


def delete(unit: Unit, library: Library, actor: str, name: str) -> bool:
    """Go back to the packaged clip; whether there was a recording. Raises UnknownClip."""
    if not known(name):
        raise UnknownClip(clip=name)

    def command(conn: Any) -> bool:
        if not library.forget(name):
            return False
        note_change(conn, unit.journal, actor, CHOICE, name, "site", library.source(name))
        return True

    return bool(unit.writer.run(command))
