"""A thing of the set-up as it is edited, exported and imported: plain data, and the rules that it must keep by itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from server.editing import refusals
from server.errors import Refused
from server.revisions import digest

NAME_LENGTH = 80
TEXT_LENGTH = 300
LANGUAGES = ("ar", "zgh", "fr")

Path = tuple[str | int, ...]
"""Where in a thing: its field, then the language or the place in a list."""


class Unfit(ValueError):
    """Raised by a rule of a field; `refusal` is told to the reader, beside what `path` leads to where the rule is about several."""

    def __init__(self, refusal: Refused, *path: str | int) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal
        self.path = path


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a thing can't be kept as it is: the section and the thing's id, where in it, and the sentence."""

    section: str
    id: str | int | None
    path: Path
    refusal: Refused

    @property
    def key(self) -> tuple[Any, ...]:
        return self.section, self.id, self.path, self.refusal.slug


def _plain(text: str) -> str:
    if any(unicodedata.category(sign) == "Cc" for sign in text):
        raise Unfit(refusals.NotPlain())
    return text


def _word(pattern: str, refusal: type[Refused]) -> AfterValidator:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise Unfit(refusal())
        return text

    return AfterValidator(check)


def _moment(text: str) -> str:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M").strftime("%Y-%m-%dT%H:%M")
    except ValueError:
        raise Unfit(refusals.BadMoment()) from None


def _day(text: str) -> str:
    try:
        return datetime.strptime(text, "%Y-%m-%d").strftime("%Y-%m-%d")
    except ValueError:
        raise Unfit(refusals.BadDay()) from None


def plain_lines(text: str) -> bool:
    """Whether no sign but a line break is invisible in it."""
    return all(unicodedata.category(sign) != "Cc" for sign in text if sign != "\n")


def _lines(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not plain_lines(text):
        raise Unfit(refusals.NotPlain())
    return text


def some_lines(most: int) -> Any:
    """A text of several lines that may be missing."""
    return Annotated[str, StringConstraints(strip_whitespace=True, max_length=most), AfterValidator(_lines)]


def _line(least: int, most: int) -> Any:
    return Annotated[str, StringConstraints(strip_whitespace=True, min_length=least, max_length=most), AfterValidator(_plain)]


Id = Annotated[str, _word(r"[a-z0-9][a-z0-9-]{0,39}", refusals.BadId)]
DeviceName = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_plain)]
LocalTime = Annotated[str, _word(r"([01][0-9]|2[0-3]):[0-5][0-9]", refusals.BadTime)]
LocalDay = Annotated[str, AfterValidator(_day)]
LocalMoment = Annotated[str, AfterValidator(_moment)]


class Part(BaseModel):
    """Data of the set-up: of exactly these members and kinds, never changed in place."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Names(Part):
    """A text by language."""

    @classmethod
    def of(cls, names: Mapping[str, str]) -> Self:
        """As it was kept, without judging it anew."""
        return cls.model_construct(None, **{code: names.get(code, "") for code in LANGUAGES})


N = TypeVar("N", bound=Names)


def _both_or_none(names: N) -> N:
    """Whoever says it in one language says it in Arabic and in French."""
    said = names.model_dump()
    if any(said.values()):
        for code in ("ar", "fr"):
            if not said[code]:
                raise Unfit(refusals.Needed(), code)
    return names


class Texts(Names):
    """A name by language. Amazigh may be missing; Arabic is then shown."""

    ar: _line(1, NAME_LENGTH)  # type: ignore[valid-type]
    zgh: _line(0, NAME_LENGTH) = ""  # type: ignore[valid-type]
    fr: _line(1, NAME_LENGTH)  # type: ignore[valid-type]


class LongTexts(Names):
    """A sentence or two by language."""

    ar: _line(1, TEXT_LENGTH)  # type: ignore[valid-type]
    zgh: _line(0, TEXT_LENGTH) = ""  # type: ignore[valid-type]
    fr: _line(1, TEXT_LENGTH)  # type: ignore[valid-type]


class Told(Names):
    """A sentence or two that may be missing altogether, else as `LongTexts`."""

    ar: _line(0, TEXT_LENGTH) = ""  # type: ignore[valid-type]
    zgh: _line(0, TEXT_LENGTH) = ""  # type: ignore[valid-type]
    fr: _line(0, TEXT_LENGTH) = ""  # type: ignore[valid-type]

    _both = model_validator(mode="after")(_both_or_none)


class Title(Names):
    """A name that may be missing altogether."""

    ar: _line(0, NAME_LENGTH) = ""  # type: ignore[valid-type]
    zgh: _line(0, NAME_LENGTH) = ""  # type: ignore[valid-type]
    fr: _line(0, NAME_LENGTH) = ""  # type: ignore[valid-type]


class Heading(Title):
    """A name that may be missing altogether, else as `Texts`."""

    _both = model_validator(mode="after")(_both_or_none)


class Thing(Part):
    """What has an id and is added, changed and removed as one."""

    id: Any

    def data(self) -> dict[str, Any]:
        """As it is written in the journal and in a file: without what is empty."""
        pruned: dict[str, Any] = _pruned(self.model_dump())
        return pruned

    def told(self) -> dict[str, Any]:
        """As the journal and the list of changes tell it: as `data`, but nothing that is too large to be read."""
        return self.data()

    def revision(self) -> str:
        """A digest of all it tells: another one means that somebody changed it."""
        return digest(self.told())


T = TypeVar("T", bound=Thing)


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _pruned(one) for key, one in value.items() if one not in (None, "", [], {}) and _pruned(one) != {}}
    return [_pruned(one) for one in value] if isinstance(value, list) else value


def made(kind: type[T], data: Mapping[str, Any], section: str) -> T | list[Fault]:
    """A thing made from data, or every fault that keeps it from being one."""
    try:
        return kind.model_validate(dict(data))
    except ValidationError as error:
        return [_fault(section, data.get("id"), found) for found in error.errors(include_url=False)]


_REFUSAL_OF: dict[str, type[Refused]] = {
    "missing": refusals.Needed,
    "string_too_short": refusals.Needed,
    "too_short": refusals.Needed,
    "string_too_long": refusals.TooLong,
    "too_long": refusals.TooMany,
    "greater_than_equal": refusals.TooSmall,
    "less_than_equal": refusals.TooLarge,
    "int_type": refusals.NotANumber,
    "int_parsing": refusals.NotANumber,
}


def _fault(section: str, id: Any, error: Any) -> Fault:
    path: Path = tuple(error["loc"])
    context = error.get("ctx", {})
    unfit = context.get("error")
    if isinstance(unfit, Unfit):
        return Fault(section, id, (*path, *unfit.path), unfit.refusal)
    if error["type"] == "extra_forbidden":
        return Fault(section, id, path, refusals.UnknownKey(key=path[-1]))
    kind = _REFUSAL_OF.get(error["type"])
    if kind is None:
        return Fault(section, id, path, refusals.WrongKind(detail=error["msg"]))
    limits = {"most": context.get("max_length", context.get("le")), "least": context.get("ge")}
    return Fault(section, id, path, kind(**{name: value for name, value in limits.items() if value is not None}))
