"""Signs made of a pty: each reads its protocol by itself, as the maker's document states it, and keeps what it showed."""

from __future__ import annotations

import os
import pty
import re
import threading
import tty
from collections.abc import Callable
from pathlib import Path

Decode = Callable[[bytes], tuple[list[str], bytes]]
"""Takes bytes, gives the texts that were shown and the bytes left over."""

ALPHA = re.compile(rb"\0{5,}\x01[!-~](?P<address>[0-9A-F]{2})\x02A0(?P<text>[^\x03]*)\x03(?P<sum>[0-9A-F]{4})\x04")
PLAIN = re.compile(rb"@(?P<body>[^*@]*)\*(?P<sum>[0-9A-F]{2})\r\n")


def alpha(data: bytes) -> tuple[list[str], bytes]:
    """A BetaBrite: a packet with a wrong checksum is not shown."""
    shown, end = [], 0
    for packet in ALPHA.finditer(data):
        summed = sum(b"\x02A0" + packet["text"] + b"\x03") % 65536
        if summed == int(packet["sum"], 16):
            shown.append(re.sub(rb"^\x1b..", b"", packet["text"]).decode())
        end = packet.end()
    return shown, data[end:]


def plain(data: bytes) -> tuple[list[str], bytes]:
    """A board by our own protocol."""
    shown, end = [], 0
    for line in PLAIN.finditer(data):
        checksum = 0
        for byte in line["body"]:
            checksum ^= byte
        if checksum == int(line["sum"], 16):
            shown.append(line["body"].decode())
        end = line.end()
    return shown, data[end:]


class Sign:
    """A sign at `path`, which can be unplugged and plugged in again under the same name."""

    def __init__(self, path: Path, decode: Decode) -> None:
        self.path = path
        self._decode = decode
        self._changed = threading.Condition()
        self.shown: list[str] = []
        self._master = -1
        self.plug_in()

    def plug_in(self) -> None:
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(slave))
        self._slave = slave
        threading.Thread(target=self._read, args=(self._master,), daemon=True).start()

    def unplug(self) -> None:
        """As a USB adapter that is pulled: the name is gone and what is open breaks."""
        self.path.unlink()
        os.close(self._slave)
        os.close(self._master)

    def _read(self, master: int) -> None:
        left = b""
        while True:
            try:
                data = os.read(master, 4096)
            except OSError:
                return
            texts, left = self._decode(left + data)
            with self._changed:
                self.shown += texts
                self._changed.notify_all()

    def shows(self, text: str, times: int = 1) -> None:
        """Returns when this text was shown so often."""
        with self._changed:
            found = self._changed.wait_for(lambda: self.shown.count(text) >= times, timeout=20)
            assert found, f"“{text}” was not shown, only {self.shown}"
