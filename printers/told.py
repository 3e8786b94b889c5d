"""What this package tells people: English sentences with places to fill, and what fills them, so that whoever shows one can
translate it. `str(told)` is the English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


def N_(message: str) -> str:
    """Mark an English sentence for the catalogs of whoever shows it."""
    return message


class Says(Enum):
    """Every sentence; those that begin small are reasons within another one."""

    NOT_ASKED = N_("The printer has not been asked yet.")
    COVER_OPEN = N_("The printer's cover is open: close it.")
    NO_PAPER = N_("The printer has no paper: put in a new roll.")
    CUTTER_JAMMED = N_("The printer's cutter is jammed: clear it, then switch the printer off and on.")
    FATAL = N_("The printer reports a fault that it can't clear: have it repaired.")
    ERROR = N_("The printer reports an error: open and close its cover, or restart it.")
    OFF_LINE = N_("The printer is off line: press its on-line or feed button.")
    NEAR_END = N_("The paper roll is nearly used up: keep a new one at hand.")

    NOT_ASKABLE = N_("This printer can't be asked (answers = 'no').")
    NO_STATUS = N_("The printer at %(place)s answers no status request; if it can't, set answers = 'no' for it.")
    SILENT = N_("The printer at %(place)s does not answer: check that it is on and its cable is in.")
    NONSENSE = N_("The printer at %(place)s answers nonsense: check that it is an ESC/POS printer.")
    NONSENSE_SERIAL = N_("The printer at %(place)s answers nonsense: check that it is set to %(baudrate)s baud, 8 bits, no parity.")
    PICTURES_NOT_STORED = N_("The printer at %(place)s did not say that it stored its pictures.")
    PICTURES_NOT_TOLD = N_("The printer at %(place)s can't say which pictures it keeps: set graphics = 'raster'.")

    NO_ANSWER = N_("No printer answers at %(place)s (%(why)s).")
    NOT_OPENED = N_("The line to the printer at %(place)s can't be opened: %(why)s.")
    TOOK_NOTHING = N_("The printer at %(place)s took nothing for %(seconds)s s.")
    CONNECTION_BROKE = N_("The printer at %(place)s broke the connection (%(why)s).")
    CONNECTION_CLOSED = N_("The printer at %(place)s closed the connection.")
    LINE_BROKE = N_("The line to the printer at %(place)s broke (%(why)s): is its cable in?")
    LINE_CLOSED = N_("The line to the printer at %(place)s is closed.")
    USB_NOT_PLUGGED = N_("No printer %(place)s is plugged in: check its cable and its ids (lsusb).")
    USB_NOT_A_PRINTER = N_("The device %(place)s is not a printer: check its ids (lsusb).")
    USB_GONE = N_("The printer %(place)s is gone (%(why)s).")
    USB_PACKAGE = N_("USB printers need the pyusb package: pip install pyusb.")
    USB_LIBRARY = N_("USB printers need libusb: install Debian's package libusb-1.0-0.")
    FOLDER_UNUSABLE = N_("The folder %(place)s for pictures of tickets can't be used (%(why)s).")
    PICTURE_NOT_WRITTEN = N_("The picture %(place)s can't be written (%(why)s).")
    NO_SHAPING = N_(
        "Arabic can't be joined because the FriBiDi library is missing: install Debian's package libfribidi0"
        " (apt-get install libfribidi0) and start again."
    )

    LOGO_TOO_BIG = N_("The logo's file has %(size)s kB; choose one of at most %(most)s kB.")
    LOGO_TOO_WIDE = N_("The logo is %(width)s × %(height)s dots; choose a picture of at most %(most)s on each side.")
    LOGO_TOO_PALE = N_("Nothing of this logo would be black on paper; choose a darker one.")
    LOGO_DAMAGED = N_("The logo's picture is damaged (%(why)s); save it again as PNG.")
    LOGO_NO_PICTURE = N_("The logo is not a picture that can be read; choose a PNG or JPEG file.")

    CONNECTED_ANEW = N_("The printer was connected anew; the ticket is made again for it.")
    NOT_CONFIRMED = N_("Everything was sent, but nothing confirms it. %(status)s")
    NOT_SAID = N_("The printer took the ticket but did not say within %(seconds)s s that it printed it.")
    FAULT_MEANWHILE = N_("While the ticket was printed: %(status)s")
    STOPPED_MEANWHILE = N_("The program was stopped while the ticket was printed.")
    NOT_DRAWN = N_("The ticket can't be drawn: %(why)s")
    TOO_OLD = N_("The ticket was too old to be of use.")

    NO_ANSWER_IN_TIME = N_("no answer in time")
    REFUSED = N_("connection refused")
    NO_WAY = N_("no way leads there")
    NAME_UNKNOWN = N_("its name is unknown in the network")
    RESET = N_("the connection was reset")
    NO_SUCH_DEVICE = N_("there is no such device; check the cable and its name (%(command)s)")
    NOT_IN_GROUP = N_("permission denied; add the server's user to the group %(group)s")
    NO_UDEV_RULE = N_("permission denied; give the server's user access with the udev rule in docs/printing.md")
    IN_USE = N_("another program uses it")
    PULLED = N_("its cable was pulled or it was switched off")
    HUNG_UP = N_("hung up")

    @property
    def kind(self) -> str:
        """Its name in data: `no-paper`."""
        return self.name.lower().replace("_", "-")


_BY_KIND = {one.kind: one for one in Says}


@dataclass(frozen=True)
class Told:
    """One sentence with what fills its places: names and addresses, figures, or a sentence of its own."""

    says: Says
    params: Mapping[str, Sentence] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.says.value % {name: str(value) for name, value in self.params.items()} if self.params else self.says.value

    def to_json(self) -> dict[str, Any]:
        """A dict of JSON types: `{kind, params?}`."""
        filled = {name: value.to_json() if isinstance(value, Told) else value for name, value in self.params.items()}
        return {"kind": self.says.kind, **({"params": filled} if filled else {})}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Told:
        """Reads what `to_json` made; raises ValueError when it is something else."""
        if data.get("kind") not in _BY_KIND:
            raise ValueError(f"no sentence of printers: {data.get('kind')!r}")
        filled = data.get("params", {}).items()
        return cls(_BY_KIND[data["kind"]], {name: cls.from_json(one) if isinstance(one, dict) else one for name, one in filled})


Sentence = Told | str
"""A sentence, or a text that comes from a system or a library as it is, in English."""


def told(says: Says, **params: Sentence | int) -> Told:
    """A sentence, its places filled."""
    return Told(says, {name: value if isinstance(value, Told) else str(value) for name, value in params.items()})
