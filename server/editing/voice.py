"""What the voice says and how loud, as it is edited; recordings are files of the unit and not part of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, field_validator, with_config
from typing_extensions import TypedDict

from server import setup
from server.editing import refusals
from server.editing.section import Section
from server.editing.things import LocalTime, Thing, Unfit
from server.setup.voice import CHOICE, LOUDEST, MOST_HOURS, MOST_REPEATS, VoiceChoices, choices


@with_config(ConfigDict(extra="forbid", strict=True))
class Loudness(TypedDict):
    since: LocalTime
    level: Annotated[int, Field(ge=0, le=LOUDEST)]


class Voice(Thing):
    """The hall's `languages` in order (none: the visitor's alone, where it comes first), how often, and how loud from when on."""

    id: Literal["voice"] = "voice"
    languages: list[Literal["ar", "zgh", "fr"]] = Field(default_factory=list)
    visitor_first: bool = True
    repeats: Annotated[int, Field(ge=1, le=MOST_REPEATS)] = 1
    volume: Annotated[list[Loudness], Field(min_length=1, max_length=MOST_HOURS)]

    @classmethod
    def of(cls, chosen: VoiceChoices) -> Self:
        """As it is kept, without judging it anew."""
        kept = asdict(chosen)
        return cls.model_construct(None, id="voice", **{**kept, "languages": [*kept["languages"]], "volume": [*kept["volume"]]})

    @field_validator("languages")
    @classmethod
    def _once(cls, languages: list[str]) -> list[str]:
        for place, code in enumerate(languages):
            if code in languages[:place]:
                raise Unfit(refusals.DuplicateId(id=code), place)
        return languages

    @field_validator("volume")
    @classmethod
    def _each_hour_once(cls, volume: list[Loudness]) -> list[Loudness]:
        hours = [one["since"] for one in volume]
        for place, hour in enumerate(hours):
            if hour in hours[:place]:
                raise Unfit(refusals.DuplicateId(id=hour), place, "since")
        return volume


def _read(conn: Any) -> list[Voice]:
    return [Voice.of(choices(conn))]


def _save(conn: Any, one: Voice, position: int) -> None:
    setup.choose(conn, CHOICE, one.model_dump(exclude={"id"}))


voice = Section("voice", Voice, _read, _save, single=True)
