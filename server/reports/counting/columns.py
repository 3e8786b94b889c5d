"""A column of one day's cases as bytes: two letters of numpy type, then for words their list as JSON, then the numbers."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

NONE = -(2**31)
"""Stands for None among numbers; no duration is that negative (25 days)."""
HEAD = struct.Struct("<2sI")


def encode_numbers(values: Iterable[int | None]) -> bytes:
    """Whole numbers in the smallest type that holds them."""
    numbers = np.array([NONE if value is None else value for value in values], dtype=np.int64)
    return _encode(numbers, b"")


def encode_words(values: Sequence[str | None]) -> bytes:
    """Words as places in the list of those that occur."""
    words = list(dict.fromkeys(values))
    places = {word: place for place, word in enumerate(words)}
    numbers = np.array([places[value] for value in values], dtype=np.int64)
    return _encode(numbers, json.dumps(words, ensure_ascii=False).encode())


def _encode(numbers: Numbers, head: bytes) -> bytes:
    low, high = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, 0)
    kind = next(kind for kind in ("i1", "i2", "i4", "i8") if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max)
    return HEAD.pack(kind.encode(), len(head)) + head + numbers.astype(f"<{kind}").tobytes()


def decode(data: bytes) -> tuple[NDArray[Any], bytes]:
    """The numbers of a column (a view of `data`), and the JSON list of its words if it holds words."""
    kind, length = HEAD.unpack_from(data)
    numbers = np.frombuffer(data, dtype=f"<{kind.decode()}", offset=HEAD.size + length)
    return numbers, data[HEAD.size : HEAD.size + length]


class Column:
    """A column of many days put together: one array, and for words the list they are places in."""

    def __init__(self, is_word: bool) -> None:
        self._is_word = is_word
        self._parts: list[NDArray[Any]] = []
        self._places: dict[str | None, int] = {}
        self._known: dict[bytes, NDArray[Any]] = {}

    def add(self, data: bytes) -> int:
        """Add a day's bytes; how many cases they hold."""
        numbers, head = decode(data)
        if self._is_word and len(numbers):
            numbers = self._mapping(head)[numbers]
        self._parts.append(numbers)
        return len(numbers)

    def _mapping(self, head: bytes) -> NDArray[Any]:
        if head not in self._known:
            words = json.loads(head)
            self._known[head] = np.array([self._places.setdefault(word, len(self._places)) for word in words], dtype=np.int32)
        return self._known[head]

    def numbers(self) -> NDArray[Any]:
        return np.concatenate(self._parts) if self._parts else np.zeros(0, dtype=np.int64)

    def words(self) -> list[str | None]:
        """The words by place; empty for numbers."""
        return list(self._places)
