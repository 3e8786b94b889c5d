"""What can go wrong on the way to paper, each with one sentence a person can act on."""

from __future__ import annotations

from printers.told import Sentence


class PrinterError(Exception):
    """Base of everything this package raises; `told` is its sentence, `str(error)` the same in English."""

    def __init__(self, told: Sentence) -> None:
        super().__init__(str(told))
        self.told = told


class PrinterConfigError(PrinterError, ValueError):
    """A `[[printers]]` table has an unknown key or a wrong value; the sentence names the key."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key


class PrinterUnreachable(PrinterError):
    """The printer can't be reached; not one byte of the job went out."""


class SendingInterrupted(PrinterError):
    """The way to the printer broke while bytes went out: part of the job may be on paper."""


class ShapingMissing(PrinterError):
    """The library that joins Arabic letters is missing; printing would come out reversed and unjoined."""


class LogoUnusable(PrinterError, ValueError):
    """The logo is not a picture, or too big to be a ticket's logo."""
