"""Files that nothing shows: left where the power went between a file and its note, or between an item's end and its file's."""

from __future__ import annotations

import shutil

from server.clock import MS
from server.media.items import items
from server.media.uploads import FOLDER, WORK_PREFIX
from server.periodic import Periodic
from server.unit import Unit

GRACE_S = 3600.0
"""A file this young may be an upload that is on its way."""
SWEEP_EVERY_S = 3600.0


def sweep(unit: Unit) -> list[str]:
    """Delete the files in `media/` that no item shows, and the folders of uploads that never ended; their names."""
    with unit.reading() as conn:
        shown = {one.file for one in items(conn)}
    newest = unit.now().at / MS - GRACE_S
    left = [path for path in (unit.folder / FOLDER).glob("*") if path.name not in shown]
    left += unit.folder.glob(f"{WORK_PREFIX}*")
    swept = [path for path in left if path.stat().st_mtime < newest]
    for path in swept:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return sorted(path.name for path in swept)


def sweeping(unit: Unit) -> Periodic:
    """The worker that does so, at the start and each hour."""
    return Periodic("media", lambda: sweep(unit), SWEEP_EVERY_S, at_once=True)
