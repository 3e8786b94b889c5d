"""Files of media that nothing shows any more are taken away, and none that something shows or that is just coming."""

from __future__ import annotations

import io
import os
from pathlib import Path

from werkzeug.datastructures import FileStorage

from server import media
from server.app import Server
from server.clock import MS
from server.media.sweeping import GRACE_S, sweep, sweeping
from server.media.uploads import WORK_PREFIX
from server.unit import Unit
from tests.server.media.films import photograph


def aged(path: Path, unit: Unit, seconds: float) -> Path:
    """As old as that by the unit's clock."""
    at = unit.now().at / MS - seconds
    os.utime(path, (at, at))
    return path


def left_behind(unit: Unit, name: str, seconds: float) -> Path:
    path = unit.folder / media.FOLDER / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"RIFF")
    return aged(path, unit, seconds)


def test_what_a_power_cut_left_is_swept_and_what_is_shown_or_just_coming_stays(unit: Unit) -> None:
    id = media.keep(unit, "person:9", FileStorage(io.BytesIO(photograph()), "affiche.jpg"))
    (shown,) = (unit.folder / media.FOLDER).glob("*.webp")
    aged(shown, unit, 10 * GRACE_S)
    orphan = left_behind(unit, "a" * 24 + ".webp", GRACE_S + 1)
    half = left_behind(unit, "b" * 24 + ".mp4.part", GRACE_S + 1)
    coming = left_behind(unit, "c" * 24 + ".webp", GRACE_S - 60)
    work = unit.folder / f"{WORK_PREFIX}x"
    work.mkdir()
    (work / "source").write_bytes(b"half a film")
    aged(work, unit, GRACE_S + 1)
    assert sweep(unit) == sorted([work.name, orphan.name, half.name])
    assert shown.exists()
    assert coming.exists()
    assert not work.exists()
    unit.writer.run(lambda conn: media.remove(conn, unit.journal, "person:9", id))  # and the power goes before its file does
    assert sweep(unit) == [shown.name]


def test_a_unit_without_media_has_nothing_to_sweep(unit: Unit) -> None:
    assert sweep(unit) == []


def test_it_is_done_when_the_server_starts(server: Server) -> None:
    orphan = left_behind(server.unit, "d" * 24 + ".webp", GRACE_S + 1)
    worker = sweeping(server.unit)
    worker.start()
    worker.stop()
    assert not orphan.exists()
    assert "media" in {worker._thread.name for worker in server._workers if hasattr(worker, "_thread")}
