"""The whole set-up as one TOML file: written out, and read in again with every fault at its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.items import Table

from server.editing import refusals
from server.editing.changes import faults
from server.editing.lines import Lines, unreadable
from server.editing.section import Section, SetUp
from server.editing.sections import BY_NAME, SECTIONS
from server.editing.things import Fault, Path, Thing, made
from server.errors import N_, Refused

FORMAT = 1
LARGEST = 2**63 - 1
TOO_MUCH = "a number is too long, or lists are nested too deep"
LARGEST_FILE = 1024 * 1024
HEADING = (
    "The set-up of an Istiqbal unit. A section that is left out of the file stays as it is when the file is imported.",
    "Not in it: passwords and PINs, devices and their tokens, the site's recordings, pictures and films, and what unit.toml says.",
    "People who are not in it stay; new ones can sign in when they have been given a password or a PIN.",
)


class NotToml(Refused):
    status, slug = 422, "not-toml"
    message = N_("This is not a set-up file (TOML): %(detail)s")


class OtherFormat(Refused):
    status, slug = 422, "other-format"
    message = N_("This file has another format than this Istiqbal reads (format = %(format)s is needed).")


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong on a line; `where` is the path to it, `services · etat-civil · prefix`."""

    line: int
    where: str
    refusal: Refused


class BadFile(Refused):
    """The file can't be imported; `faults` are its lines, what stands there, and what is wrong. Nothing was changed."""

    status, slug = 422, "bad-file"
    message = N_("Nothing was changed. Mend the file at these lines.")

    def __init__(self, faults: list[LineFault]) -> None:
        super().__init__()
        self.faults = sorted(faults, key=lambda fault: fault.line)

    def __str__(self) -> str:
        lines = (f"Line {fault.line} ({fault.where}): {fault.refusal}" for fault in self.faults)
        return "\n".join(["Nothing was changed.", *lines])


def written(whole: SetUp) -> str:
    """A set-up as TOML."""
    document = tomlkit.document()
    for line in HEADING:
        document.add(tomlkit.comment(line))
    document.add("format", tomlkit.item(FORMAT))
    for section in SECTIONS:
        if not (section.single or section.keeps_others or whole.things[section.name]):
            document.add(section.name, tomlkit.array())  # said before the first table: below one it would be that table's
    for section in SECTIONS:
        things = whole.things[section.name]
        if section.single:
            document.add(section.name, _single({key: value for key, value in things[0].data().items() if key != "id"}))
        elif things:
            tables = tomlkit.aot()
            for thing in things:
                tables.append(_table(thing.data()))
            document.add(section.name, tables)
    return tomlkit.dumps(document)


def _table(data: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    for key, value in data.items():
        table.add(key, _item(value))
    return table


def _single(data: Mapping[str, Any]) -> Table:
    """A table whose lists of tables, and tables by name, are tables of their own below it."""
    table = _table({key: value for key, value in data.items() if not _is_list(value) and not _is_named(value)})
    for key, value in data.items():
        if _is_list(value):
            tables = tomlkit.aot()
            for one in value:
                tables.append(_table(one))
            table.add(key, tables)
        elif _is_named(value):
            named = tomlkit.table(is_super_table=True)
            for id, one in value.items():
                named.add(id, _table(one))
            table.add(key, named)
    return table


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _is_named(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(isinstance(one, dict) for one in value.values())


def _item(value: Any) -> Any:
    """A value on one line; a list of tables one line each."""
    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        inline.update(value)
        return inline
    if _is_list(value):
        lines = tomlkit.array()
        lines.extend(_item(one) for one in value)
        return lines.multiline(True)
    return value


class Import:
    """A file that was read: `after(before)` is the set-up that it asks for; `faulty` tells a Faulty by its lines."""

    def __init__(self, text: str) -> None:
        """Raises BadFile."""
        data, self._lines = _toml(text.removeprefix("\ufeff"))
        self._index: dict[tuple[str, Any], int] = {}
        self._things: dict[str, tuple[Thing, ...]] = {}
        wrong = [self._fault(path, _where(*path), refusals.TooLarge(most=LARGEST)) for path in _beyond(data)]
        if wrong:
            raise BadFile(wrong)
        if data.pop("format", FORMAT) != FORMAT:
            wrong.append(self._fault(("format",), "format", OtherFormat(format=FORMAT)))
        for name, said in data.items():
            if name in BY_NAME:
                wrong += self._section(BY_NAME[name], said)
            else:
                wrong.append(self._fault((name,), name, refusals.UnknownKey(key=name)))
        if wrong:
            raise BadFile(wrong)

    def after(self, before: SetUp) -> SetUp:
        """The set-up that the file asks for; raises BadFile when its things don't fit together."""
        after = before
        for name, things in self._things.items():
            if not BY_NAME[name].keeps_others:
                after = after.where(name, things)
                continue
            for thing in things:
                after = after.having(name, thing)
        known = {fault.key for fault in faults(before)}
        if wrong := [fault for fault in faults(after) if fault.key not in known]:
            raise self.bad(wrong)
        return after

    def bad(self, wrong: list[Fault]) -> BadFile:
        """Faults of things as faults of lines."""
        return BadFile([self._of_thing(fault) for fault in wrong])

    def _of_thing(self, fault: Fault) -> LineFault:
        index = self._index.get((fault.section, fault.id))
        path = (fault.section, *fault.path) if index is None else (fault.section, index, *fault.path)
        return self._fault(path, _where(fault.section, fault.id, *fault.path), fault.refusal)

    def _fault(self, path: Path, where: str, refusal: Refused) -> LineFault:
        return LineFault(self._lines.of(path), where, refusal)

    def _section(self, section: Section[Any], said: Any) -> list[LineFault]:
        entries = [{"id": section.name, **said}] if section.single and isinstance(said, dict) else said
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            return [self._fault((section.name,), section.name, refusals.WrongKind(detail=type(said).__name__))]
        things: list[Thing] = []
        wrong: list[LineFault] = []
        for index, entry in enumerate(entries):
            thing = made(section.kind, entry, section.name)
            place: Path = (section.name,) if section.single else (section.name, index)
            if isinstance(thing, list):
                wrong += [
                    self._fault((*place, *fault.path), _where(section.name, entry.get("id"), *fault.path), fault.refusal)
                    for fault in thing
                ]
            else:
                things.append(thing)
                if not section.single:
                    self._index[section.name, thing.id] = index
        self._things[section.name] = tuple(things)
        return wrong


def _where(*parts: Any) -> str:
    """The path to a place; of a section that is one thing its name stands once."""
    said = [str(part) for part in parts if part is not None]
    return " · ".join(said[1:] if said[:1] == said[1:2] and said[0] in BY_NAME and BY_NAME[said[0]].single else said)


def _toml(text: str) -> tuple[dict[str, Any], Lines]:
    """What a file says, and on which lines; raises BadFile."""
    try:
        return tomllib.loads(text), Lines(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        at_end = text.count("\n") + 1
        raise BadFile([LineFault(int(line[1]) if line else at_end, "TOML", NotToml(detail=str(error)))]) from error
    except (ValueError, RecursionError) as error:  # a number too long for Python, lists nested too deep for its stack
        raise BadFile([LineFault(unreadable(text), "TOML", NotToml(detail=TOO_MUCH))]) from error


def _beyond(said: Any, path: Path = ()) -> Iterator[Path]:
    """Where numbers stand that are larger than TOML's: some can't even be written out."""
    if isinstance(said, dict | list):
        for key, one in said.items() if isinstance(said, dict) else enumerate(said):
            yield from _beyond(one, (*path, key))
    elif isinstance(said, int) and not -LARGEST - 1 <= said <= LARGEST:
        yield path
