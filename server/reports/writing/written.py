"""A report that has been written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """A file's bytes, media type and ending."""

    data: bytes
    mimetype: str
    ending: str
