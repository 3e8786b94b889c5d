"""`istiqbal serve` in a process of its own, for tests that need a real server, and a printer made of paper and TCP."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import requests

from server.operations.admitting import new_person
from server.operations.making import new_token

ISTIQBAL = Path(sys.executable).with_name("istiqbal")


PORTS_OF_A_WORKER = 2500
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
_FIRST = 11_000 + _WORKER * PORTS_OF_A_WORKER
_PORTS = itertools.cycle(range(_FIRST, _FIRST + PORTS_OF_A_WORKER))
for _ in range(random.randrange(PORTS_OF_A_WORKER)):  # other runs on this machine begin elsewhere
    next(_PORTS)


def free_port() -> int:
    """One that no other test worker is given, below those that the system lends to outgoing lines.

    So it is still free when a server that was killed comes back to it.
    """
    for port in itertools.islice(_PORTS, PORTS_OF_A_WORKER):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError(f"no port is free from {_FIRST} on")


@dataclass
class Running:
    """`istiqbal serve` in a process of its own."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    """Further variables of the server's process."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when it answers."""
        log = (self.folder / "server.log").open("ab")
        command = [ISTIQBAL, "serve", self.folder, "--port", str(self.port)]
        environment = {**os.environ, **self.environment}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, start_new_session=True, env=environment)
        log.close()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert b"Istiqbal runs at" in line, (self.folder / "server.log").read_text()
        self._wait_for_port()

    def _wait_for_port(self) -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
        raise AssertionError("the server does not listen")

    def unlimited(self) -> None:
        """Devices may ask as often as they like: for tests that ask faster than any hall."""
        if "[limits]" in (self.folder / "unit.toml").read_text(encoding="utf-8"):
            return
        with (self.folder / "unit.toml").open("a", encoding="utf-8") as file:
            file.write("\n[limits]\ntickets_per_minute = 0\nwords_per_minute = 0\nrequests_per_minute = 0\n")

    def signal(self, number: int) -> None:
        """To the whole process group: master and worker."""
        assert self.process is not None
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """As a power cut would: nothing is finished."""
        if self.process is not None:
            self.signal(signal.SIGKILL)
            self._gone()

    def stop(self) -> None:
        """As systemd would."""
        if self.process is not None:
            self.process.terminate()
            self._gone()

    def _gone(self) -> None:
        assert self.process is not None
        self.process.wait(20)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None

    def token(self, role: str, name: str) -> str:
        return new_token(self.folder, role, name)

    def post(self, token: str, path: str, body: object = None) -> requests.Response:
        """A program's POST to the API."""
        return requests.post(f"{self.url}/api/v1{path}", json=body, headers={"Authorization": f"Bearer {token}"}, timeout=10)

    def person(self, login: str, role: str, password: str = "a good password") -> None:
        new_person(self.folder, login, login.title(), role, password)


class Paper:
    """A receiver of ESC/POS over TCP that keeps what it gets and answers that all is well."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.received = bytearray()
        self._cut_times: list[float] = []
        self._lines: list[socket.socket] = []
        self._server = socket.create_server(("127.0.0.1", port))
        self._cut = threading.Condition()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            self._lines.append(line)
            threading.Thread(target=self._read, args=(line,), daemon=True).start()

    def _read(self, line: socket.socket) -> None:
        with line:
            while data := self._some(line):
                with self._cut:
                    self.received += data
                    self._cut_times += [time.time()] * (self.received.count(b"\x1dV") - len(self._cut_times))
                    self._cut.notify_all()
                with contextlib.suppress(OSError):
                    line.sendall(b"\x12" * data.count(b"\x10\x04") + b"\x00" * data.count(b"\x1dr\x01"))

    def _some(self, line: socket.socket) -> bytes:
        try:
            return line.recv(65536)
        except OSError:
            return b""

    def cut_times(self) -> list[float]:
        """When each ticket's last byte had arrived, seconds since 1970."""
        with self._cut:
            return list(self._cut_times)

    def cuts(self, count: int) -> bytes:
        """What was received once so many tickets were cut off."""
        with self._cut:
            assert self._cut.wait_for(lambda: self.received.count(b"\x1dV") >= count, timeout=20)
            return bytes(self.received)

    def close(self) -> None:
        """The printer is gone: lines that are open break, new ones are refused."""
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
