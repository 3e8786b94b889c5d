"""What every transport can do."""

from __future__ import annotations

from typing import Protocol


class Link(Protocol):
    """One transport: a line that opens, takes bytes, gives bytes and closes. Not shared between threads."""

    @property
    def place(self) -> str:
        """Where the printer is, for a sentence: `192.0.2.10:9100`, `/dev/ttyUSB0`."""

    def open(self) -> bool:
        """Opens the line, or does nothing when it is open; whether it was opened now. Raises PrinterUnreachable."""

    def write(self, data: bytes) -> None:
        """Hands over all bytes. Raises SendingInterrupted when the line breaks or stands still."""

    def read(self, seconds: float) -> bytes:
        """What has arrived within so many seconds, else b"". Raises SendingInterrupted when the line is broken."""

    def close(self) -> None:
        """Closes the line and drops what has arrived. Never raises."""
