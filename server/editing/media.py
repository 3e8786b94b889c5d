"""What displays show between calls, as a file carries it: the texts with their times, and the hall's results.

Pictures and films are files of the unit and not part of it; texts keep their order among themselves and their places between them.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from server.editing import refusals
from server.editing.section import Live, Section
from server.editing.things import DeviceName, LocalDay, LocalTime, Names, Part, Thing, Unfit, some_lines
from server.journal import encode
from server.setup.media import (
    LONGEST_S,
    LONGEST_TEXT,
    MOST_ITEMS,
    SHORTEST_S,
    USUAL_S,
    WHAT,
    name_of,
    results_switched_on,
    switch_results,
    told,
)

TIMES = ("begins", "ends", "since", "until", "seconds")
_OF_TEXTS = "SELECT id FROM media WHERE kind = 'text' ORDER BY position, id"


class Words(Names):
    """What is shown, in at least one language."""

    ar: some_lines(LONGEST_TEXT) = ""  # type: ignore[valid-type]
    zgh: some_lines(LONGEST_TEXT) = ""  # type: ignore[valid-type]
    fr: some_lines(LONGEST_TEXT) = ""  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not any(self.model_dump().values()):
            raise Unfit(refusals.Needed(), "ar")
        return self


class ShownText(Part):
    """A text, the displays that show it (none: all), from and until which day, between which hours, for how many seconds."""

    text: Words
    displays: list[DeviceName] = Field(default_factory=list)
    begins: LocalDay | None = None
    ends: LocalDay | None = None
    since: LocalTime | None = None
    until: LocalTime | None = None
    seconds: Annotated[int, Field(ge=SHORTEST_S, le=LONGEST_S)] = USUAL_S

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.begins and self.ends and self.ends < self.begins:
            raise Unfit(refusals.EndsTooEarly(), "ends")
        if self.since and self.until and self.until <= self.since:
            raise Unfit(refusals.EndsTooEarly(), "until")
        return self


class Media(Thing):
    """`results`: last month's results of the hall are shown; `texts` in their order."""

    id: Literal["media"] = "media"
    results: bool = False
    texts: Annotated[list[ShownText], Field(max_length=MOST_ITEMS)] = Field(default_factory=list)


def _read(conn: Any) -> list[Media]:
    rows = conn.execute(
        "SELECT text, displays, begins, ends, since, until, seconds FROM media WHERE kind = 'text' ORDER BY position, id"
    )
    texts = [
        ShownText.model_construct(
            None,
            text=Words.of(json.loads(text)),
            displays=json.loads(displays),
            begins=begins,
            ends=ends,
            since=since,
            until=until,
            seconds=seconds,
        )
        for text, displays, begins, ends, since, until, seconds in rows
    ]
    return [Media.model_construct(None, id="media", results=results_switched_on(conn), texts=texts)]


def _save(conn: Any, one: Media, position: int) -> None:
    switch_results(conn, one.results)
    ids = [row[0] for row in conn.execute(_OF_TEXTS)]
    for id, said in zip(ids, one.texts, strict=False):
        conn.execute(
            "UPDATE media SET name = ?, text = ?, displays = ?, begins = ?, ends = ?, since = ?, until = ?, seconds = ?"
            " WHERE id = ?",
            (*_columns(said), id),
        )
    for said in one.texts[len(ids) :]:
        conn.execute(
            "INSERT INTO media(position, kind, name, text, displays, begins, ends, since, until, seconds)"
            " VALUES ((SELECT COALESCE(MAX(position), 0) + 1 FROM media), 'text', ?,?,?,?,?,?,?,?)",
            _columns(said),
        )
    conn.executemany("DELETE FROM media WHERE id = ?", [(id,) for id in ids[len(one.texts) :]])


def _columns(said: ShownText) -> tuple[Any, ...]:
    words = {code: text for code, text in said.text.model_dump().items() if text}
    times = (said.begins, said.ends, said.since, said.until, said.seconds)
    return name_of(words), encode(words), encode(said.displays), *times


def _room(live: Live, old: Media | None, new: Media) -> None:
    """Raises TooMany: the unit's pictures and films count too."""
    (others,) = live.conn.execute("SELECT COUNT(*) FROM media WHERE kind <> 'text'").fetchone()
    if len(new.texts) + others > MOST_ITEMS:
        raise refusals.TooMany(most=MOST_ITEMS - others)


def _noted(conn: Any) -> dict[tuple[str, str | int], Any]:
    rows = conn.execute(
        "SELECT id, name, text, displays, begins, ends, since, until, seconds FROM media WHERE kind = 'text' ORDER BY position, id"
    )
    texts: dict[tuple[str, str | int], Any] = {
        (WHAT, id): told(name, None, json.loads(text), json.loads(displays), dict(zip(TIMES, times, strict=True)))
        for id, name, text, displays, *times in rows
    }
    return {**texts, (WHAT, "results"): {"active": results_switched_on(conn)}}


media = Section("media", Media, _read, _save, may_become=_room, single=True, noted=_noted)
