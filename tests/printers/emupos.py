"""`emupos`, an independent ESC/POS printer, in an environment of its own: it needs Python 3.13, this project does not.

Environment: `ISTIQBAL_EMUPOS` names an `emupos` program to use; else one is installed once beside this project's
own packages.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path
from types import TracebackType

from tests.running import free_port

_VERSION = "emupos==0.4.0"
_PROFILE = """\
type: printer
name: test
dpi: 203
width_dots: {width}
font_a: {{ width: 12, height: 24 }}
font_b: {{ width: 9, height: 17 }}
code_pages: {{ 0: PC437, 16: WPC1252, 19: PC858 }}
default_code_page: 0
drawer_sensor_open_level: high
serial: {{ baud: 9600, data_bits: 8, parity: none, stop_bits: 1 }}
"""
_CONFIG = """\
schema: 1
api: {{ host: 127.0.0.1, port: {api} }}
devices:
  - id: hall
    type: printer
    profile: ./profile.yaml
    connections:
      - tcp: {{ port: {port} }}
      - serial: {{ pty: true, link: {link} }}
"""


def python() -> str | None:
    """A Python that emupos runs on, or None where there is none."""
    if sys.version_info >= (3, 13):
        return sys.executable
    names = [shutil.which(f"python3.{minor}") for minor in (14, 13)]
    built = sorted(Path.home().glob(".pyenv/versions/3.1[3-9].*/bin/python"), reverse=True)
    return next((str(path) for path in [*filter(None, names), *built] if _runs(str(path))), None)


def program() -> str:
    """The path of `emupos`, installed if need be."""
    if named := os.environ.get("ISTIQBAL_EMUPOS"):
        return named
    folder = Path(sys.prefix) / "emupos"
    if not (folder / "bin" / "emupos").exists():
        interpreter = python()
        assert interpreter is not None
        subprocess.run([interpreter, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([str(folder / "bin" / "pip"), "install", "-q", _VERSION], check=True)
    return str(folder / "bin" / "emupos")


class Emupos:
    """A running emupos with one printer, on TCP and on a pty."""

    def __init__(self, folder: Path, width: int) -> None:
        self.port, self._api = free_port(), free_port()
        folder.mkdir(parents=True, exist_ok=True)
        link = f"istiqbal-{self.port}"
        (folder / "profile.yaml").write_text(_PROFILE.format(width=width))
        (folder / "emupos.yaml").write_text(_CONFIG.format(api=self._api, port=self.port, link=link))
        self._folder = folder
        self.lines: list[str] = []
        self.pty = ""
        self._ready = threading.Event()

    def __enter__(self) -> Emupos:
        self._process = subprocess.Popen(
            [program(), "run"],
            cwd=self._folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "COLUMNS": "300", "PYTHONUNBUFFERED": "1"},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._ready.wait(30), self.lines
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._reader.join(10)
        if self._process.stdout:
            self._process.stdout.close()

    def fault(self, name: str, present: bool = True) -> None:
        """Sets or clears `paper-out`, `cover-open`, `offline` or `paper-near-end`."""
        self._ask(f"/devices/hall/faults/{name}", "PUT" if present else "DELETE")

    def receipts(self) -> list[str]:
        """The ids of the printed tickets, oldest first."""
        found = json.loads(self._ask("/devices/hall/receipts"))
        return sorted((str(receipt["id"]) for receipt in found), key=lambda name: name)

    def picture(self, receipt: str = "latest") -> bytes:
        """A ticket as PNG."""
        return self._ask(f"/devices/hall/receipts/{receipt}/image")

    def text(self, receipt: str = "latest") -> str:
        """A ticket's text, and its pictures and codes by their sizes and contents."""
        return self._ask(f"/devices/hall/receipts/{receipt}/text").decode("utf-8")

    def complaints(self) -> list[str]:
        """What it did not understand."""
        return [line for line in self.lines if "unknown" in line or "unsupported" in line]

    def _ask(self, path: str, method: str = "GET") -> bytes:
        request = urllib.request.Request(f"http://127.0.0.1:{self._api}/api/v1{path}", method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return bytes(answer.read())

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.lines.append(line.rstrip())
            if found := re.search(r"-> (/dev/pts/\d+)", line):
                self.pty = found.group(1)
            if "Showing events" in line:
                self._ready.set()
        self._ready.set()


def _runs(path: str) -> bool:
    done = subprocess.run([path, "-c", "import sys; sys.exit(sys.version_info < (3, 13))"], check=False, capture_output=True)
    return done.returncode == 0
