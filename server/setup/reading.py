"""From how far each display is read, and how large it is: what its letters are sized by."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from server.errors import N_, Refused
from server.setup.choices import choice, choose

CHOICE = "readings"
ARC_DEGREES = 0.7
"""Angle under which a capital letter is seen; a person with 6/12 eyesight reads a third of it."""
CAPITAL_MM_AN_INCH = 2.9
"""How high capitals can be for each inch of diagonal: number above counter on a wide screen, nothing beside them (scale.js)."""
NEAREST_M, FARTHEST_M = 1.0, 40.0
SMALLEST_IN, LARGEST_IN = 7.0, 200.0


class BadReading(Refused):
    status, slug = 422, "bad-reading"
    message = N_("Write a distance from 1 to 40 m and a diagonal from 7 to 200 inches.")


@dataclass(frozen=True, slots=True)
class Reading:
    """Metres to the farthest seat, and the screen's diagonal in inches."""

    distance_m: float
    diagonal_in: float

    @property
    def capital_mm(self) -> int:
        """The height that a capital must have on the screen to be seen under ARC_DEGREES: 2 d tan(a / 2), rounded up."""
        return math.ceil(2000 * self.distance_m * math.tan(math.radians(ARC_DEGREES / 2)))

    @property
    def too_small(self) -> bool:
        """The screen has no room for such letters, whatever gives way."""
        return self.capital_mm > CAPITAL_MM_AN_INCH * self.diagonal_in


def checked_reading(distance_m: float, diagonal_in: float) -> Reading:
    """A reading that a hall can have; raises BadReading."""
    if not (NEAREST_M <= distance_m <= FARTHEST_M and SMALLEST_IN <= diagonal_in <= LARGEST_IN):
        raise BadReading
    return Reading(distance_m, diagonal_in)


def readings(conn: Any) -> dict[str, Reading]:
    """By display's name; one that is missing sizes its letters by its picture alone."""
    return {name: Reading(**reading) for name, reading in choice(conn, CHOICE, {}).items()}


def keep_readings(conn: Any, kept: dict[str, Reading]) -> None:
    """Keep them all. Inside a transaction of the writer."""
    choose(conn, CHOICE, {name: asdict(reading) for name, reading in kept.items()})


def readings_shown(conn: Any) -> dict[str, dict[str, float]]:
    """As displays get them with each snapshot."""
    return {name: {"arc": ARC_DEGREES, **asdict(reading)} for name, reading in readings(conn).items()}
