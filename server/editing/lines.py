"""On which line of a TOML file a table, a key or a place in a list stands, which the library that reads it does not tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

Path = tuple[str | int, ...]

DEEPEST = 50
LONGEST_WORD = 1000
_TOKEN = re.compile(
    r'(?P<text>"""(?:\\.|[^\\])*?"{3,5}' + r"|'''.*?'{3,5}" + r'|"(?:\\.|[^"\\\n])*"' + r"|'[^'\n]*')"
    r"|(?P<sign>[\[\]{}=,.\n])|(?P<word>[^\s\[\]{}=,.\"'#]+)|(?P<nothing>#[^\n]*|.)",
    re.DOTALL,
)
_END = ("sign", "", 0)


class Lines:
    """The lines of a text that is known to be good TOML: path (`("services", 2, "prefix")`) → line, from 1."""

    def __init__(self, text: str) -> None:
        """Raises RecursionError when it is nested too deep."""
        self._lines: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}
        self._tokens = _tokens(text)
        self._next()
        table: Path = ()
        while self._token is not _END:
            if self._is("\n"):
                self._next()
            elif self._is("["):
                table = self._header()
            else:
                self._pair(table)

    def of(self, path: Path) -> int:
        """The line of the nearest thing that has one: the key itself, else the table or list it stands in, else 1."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _header(self) -> Path:
        line = self._line
        self._next()
        if repeated := self._is("["):
            self._next()
        table = self._table(self._keys(), repeated=repeated)
        for _ in range(1 + repeated):
            self._next()
        for path in (table[:-1], table) if repeated else (table,):
            self._lines.setdefault(path, line)
        return table

    def _table(self, keys: list[str], *, repeated: bool) -> Path:
        """The path of a header: inside a list of tables it means the newest one."""
        path: Path = ()
        for place, key in enumerate(keys):
            path = (*path, key)
            if repeated and place == len(keys) - 1:
                self._tables[path] = self._tables.get(path, -1) + 1
            if path in self._tables:
                path = (*path, self._tables[path])
        return path

    def _pair(self, table: Path) -> None:
        line, path = self._line, table
        for key in self._keys():
            path = (*path, key)
            self._lines.setdefault(path, line)
        self._next()
        self._value(path)

    def _value(self, path: Path) -> None:
        self._lines.setdefault(path, self._line)
        if self._is("["):
            for place, _ in enumerate(self._within("]")):
                self._value((*path, place))
        elif self._is("{"):
            for _ in self._within("}"):
                self._pair(path)
        else:
            while not any(map(self._is, ("\n", ",", "]", "}", ""))):
                self._next()

    def _within(self, end: str) -> Iterator[None]:
        """Once at the beginning of each thing between the brackets, then behind them."""
        self._next()
        while not self._is(end) and self._token is not _END:
            if self._is("\n") or self._is(","):
                self._next()
            else:
                yield
        self._next()

    def _keys(self) -> list[str]:
        """`a."b".c`, and what follows it is next."""
        keys: list[str] = []
        while self._token[0] != "sign" or self._is("."):
            kind, said, _ = self._token
            if kind == "text":
                keys.append(tomllib.loads(f"key = {said}")["key"])
            elif kind == "word":
                keys.append(said)
            self._next()
        return keys

    def _is(self, sign: str) -> bool:
        return self._token[:2] == ("sign", sign)

    def _next(self) -> None:
        self._token = next(self._tokens, _END)
        self._line = self._token[2]


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Strings, signs and words with the lines on which they begin."""
    line = 1
    for found in _TOKEN.finditer(text):
        said = found[0]
        if found.lastgroup != "nothing":
            yield str(found.lastgroup), said, line
        line += said.count("\n")


def unreadable(text: str) -> int:
    """The line of what no reader of TOML should be given: a number of thousands of digits, or lists in lists without end."""
    depth = 0
    for kind, said, line in _tokens(text):
        depth += (said in ("[", "{")) - (said in ("]", "}")) if kind == "sign" else 0
        if depth > DEEPEST or (kind == "word" and len(said) > LONGEST_WORD):
            return line
    return 1
