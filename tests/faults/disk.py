"""What a disk holds after a power cut: the writes that were synced, and of the others none or any (`disk.c` notes them).

Each step is noted before it is done, writes under one lock: a sync covers the writes whose noting came before its own, and nobody
is answered before the sync has ended, so the model is never kinder than a disk to a ticket that was acknowledged.
"""

from __future__ import annotations

import random
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NAMES = ("unit.db", "unit.db-wal")
WRITE, SYNC, TRUNCATE, REMOVE = 1, 2, 3, 4
_RECORD = struct.Struct("=qiiqq")
SECTOR = 512


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done to a file; `ns` by CLOCK_MONOTONIC, before it was done."""

    ns: int
    kind: int
    file: int
    offset: int
    data: bytes


def build(folder: Path, name: str = "disk") -> Path:
    """A library to preload (`disk.c`, `clock.c`); needs a C compiler."""
    library = folder / f"{name}.so"
    source = Path(__file__).with_name(f"{name}.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl", "-lpthread"], check=True)
    return library


def steps(log: Path) -> list[Step]:
    """All that was noted, in order."""
    found, data, at = [], log.read_bytes(), 0
    while at + _RECORD.size <= len(data):
        ns, kind, file, offset, length = _RECORD.unpack_from(data, at)
        at += _RECORD.size
        size = length if kind == WRITE else 0
        found.append(Step(ns, kind, file, offset, data[at : at + size]))
        at += size
    return found


class Platter:
    """The disk: what is on it for sure, and what is on its way."""

    def __init__(self, first: tuple[bytes | None, bytes | None]) -> None:
        self._sure = [None if data is None else bytearray(data) for data in first]
        self._pending: list[list[Step]] = [[], []]

    def do(self, step: Step) -> None:
        if step.kind == REMOVE:
            self._sure[step.file], self._pending[step.file] = None, []
        elif step.kind == SYNC:
            self._sure[step.file] = _written(self._sure[step.file], self._pending[step.file])
            self._pending[step.file] = []
        else:
            self._pending[step.file].append(step)

    def after_a_cut(self, folder: Path, chance: random.Random | None) -> None:
        """Write the files as a cut now leaves them: without what was not synced, or with any sectors of it."""
        for file, name in enumerate(NAMES):
            pending = [] if chance is None else list(_some(self._pending[file], chance))
            data = _written(self._sure[file], pending) if pending else self._sure[file]
            if data is not None:
                (folder / name).write_bytes(data)


def _written(before: bytearray | None, pending: list[Step]) -> bytearray:
    data = bytearray() if before is None else before.copy()
    for step in pending:
        if step.kind == TRUNCATE:
            del data[step.offset :]
            continue
        if len(data) < step.offset:
            data.extend(bytes(step.offset - len(data)))
        data[step.offset : step.offset + len(step.data)] = step.data
    return data


def _some(pending: list[Step], chance: random.Random) -> Iterator[Step]:
    for step in pending:
        if step.kind == TRUNCATE:
            if chance.random() < 0.5:
                yield step
            continue
        for at in range(0, len(step.data), SECTOR):
            if chance.random() < 0.5:
                yield Step(step.ns, WRITE, step.file, step.offset + at, step.data[at : at + SECTOR])
