"""A printer without paper: it reads the bytes as a real one does and keeps the last tickets as pictures."""

from __future__ import annotations

import io
import threading
from collections import deque
from pathlib import Path

from printers.devices.config import PrinterConfig
from printers.errors import PrinterUnreachable, SendingInterrupted
from printers.receiver.paper import Ticket
from printers.receiver.printer import SoftwarePrinter
from printers.told import Says, told

#: Tickets that are kept, in memory and in the folder.
KEPT = 50


class VirtualPrinter:
    """The line and the printer in one. `pictures` may be asked from any thread."""

    def __init__(self, config: PrinterConfig) -> None:
        profile = config.printer_profile()
        self.printer = SoftwarePrinter(profile.width_dots, profile.code_page, self._keep)
        self._folder = Path(config.folder) if config.folder else None
        self._lock = threading.Lock()
        self._kept: deque[tuple[str, bytes]] = deque(maxlen=KEPT)
        self._answers = b""
        self._opened = False

    @property
    def place(self) -> str:
        return str(self._folder) if self._folder else "memory"

    def open(self) -> bool:
        if self._opened:
            return False
        if self._folder is not None:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                earlier = [(path.stem, path.read_bytes()) for path in self._files()[-KEPT:]]
            except OSError as error:
                raise PrinterUnreachable(told(Says.FOLDER_UNUSABLE, place=self.place, why=str(error.strerror))) from None
            with self._lock:
                self._kept.extend(earlier)
        self._opened = True
        return True

    def write(self, data: bytes) -> None:
        self._answers += self.printer.receive(data)

    def read(self, seconds: float) -> bytes:
        if not self._answers:
            threading.Event().wait(seconds)  # nothing comes by itself, but who waits must not spin
        answers, self._answers = self._answers, b""
        return answers

    def close(self) -> None:
        self._answers = b""

    def pictures(self) -> list[tuple[str, bytes]]:
        """The last tickets as (id, PNG), newest first, at most `KEPT`; also those of an earlier start."""
        with self._lock:
            return list(reversed(self._kept))

    def _keep(self, ticket: Ticket) -> None:
        file = io.BytesIO()
        ticket.picture.save(file, format="PNG")
        with self._lock:
            number = int(self._kept[-1][0]) + 1 if self._kept else 1
            name = f"{number:06d}"
            self._kept.append((name, file.getvalue()))
        if self._folder is not None:
            self._save(self._folder / f"{name}.png", file.getvalue())

    def _save(self, path: Path, picture: bytes) -> None:
        part = path.with_suffix(".part")
        try:
            # Under another name first: whoever watches the folder never sees half a picture.
            part.write_bytes(picture)
            part.replace(path)
            for old in self._files()[:-KEPT]:
                old.unlink(missing_ok=True)
        except OSError as error:
            raise SendingInterrupted(told(Says.PICTURE_NOT_WRITTEN, place=str(path), why=str(error.strerror))) from None

    def _files(self) -> list[Path]:
        assert self._folder is not None
        return sorted(path for path in self._folder.glob("*.png") if path.stem.isdigit())


def link(config: PrinterConfig) -> VirtualPrinter:
    """The line of a `[[printers]]` table."""
    return VirtualPrinter(config)
