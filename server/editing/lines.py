"""On which line of a TOML file a table or a key stands, which the library that reads it does not tell."""

from __future__ import annotations

import tomllib
from typing import Any

Path = tuple[str | int, ...]


class Lines:
    """The lines of a text that is known to be good TOML: path (`("services", 2, "prefix")`) → line, from 1."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}
        self._read(text.splitlines())

    def of(self, path: Path) -> int:
        """The line of the nearest thing that has one: the key itself, else the table or list it stands in, else 1."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _read(self, lines: list[str]) -> None:
        table: Path = ()
        number = 0
        while number < len(lines):
            first = number
            statement = lines[number]
            while (said := _parsed(statement)) is None and number + 1 < len(lines):
                number += 1
                statement += "\n" + lines[number]
            number += 1
            stripped = statement.strip()
            if not said:
                continue
            if stripped.startswith("[") and "=" not in stripped.split("]")[0]:
                table = self._table(_keys(said), repeated=stripped.startswith("[["))
                self._note(table[:-1] if isinstance(table[-1], int) else table, first)
                self._note(table, first)
            else:
                self._notes(table, said, first)

    def _table(self, keys: list[str], repeated: bool) -> Path:
        """The path of a header: inside a list of tables it means the newest one."""
        path: Path = ()
        for place, key in enumerate(keys):
            path = (*path, key)
            if repeated and place == len(keys) - 1:
                self._tables[path] = self._tables.get(path, -1) + 1
            if path in self._tables:
                path = (*path, self._tables[path])
        return path

    def _notes(self, table: Path, said: dict[str, Any], line: int) -> None:
        for key, value in said.items():
            self._note((*table, key), line)
            if isinstance(value, dict):
                self._notes((*table, key), value, line)

    def _note(self, path: Path, line: int) -> None:
        self._lines.setdefault(path, line + 1)


def _parsed(statement: str) -> dict[str, Any] | None:
    """What a statement says by itself; None when it goes on in the next line."""
    try:
        return tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return None


def _keys(said: Any) -> list[str]:
    """The keys of a header, from what it alone says (`{"a": {"b": {}}}`)."""
    keys = []
    while said:
        said = said[0] if isinstance(said, list) else said
        key = next(iter(said), None)
        if key is None:
            break
        keys.append(key)
        said = said[key]
    return keys
