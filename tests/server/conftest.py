"""A whole server: in this process for requests one by one, or in a process of its own on a real port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.app import Server
from server.operations.making import new_person, new_token

ISTIQBAL = Path(sys.executable).with_name("istiqbal")


class Caller:
    """A program that calls the API with one token (None: with none)."""

    def __init__(self, client: FlaskClient, token: str | None) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self._client.get(path, headers={**self._headers, **kwargs.pop("headers", {})}, **kwargs)

    def post(self, path: str, body: Any = None, **kwargs: Any) -> TestResponse:
        headers = {**self._headers, **kwargs.pop("headers", {})}
        if body is not None:
            kwargs["json"] = body
        return self._client.post(path, headers=headers, **kwargs)


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    """The server of a new unit, in this process, its workers at rest."""
    made = Server(folder)
    yield made
    made.unit.close()


@pytest.fixture
def callers(folder: Path, server: Server) -> dict[str, Caller]:
    """A caller for every role, and `nobody`."""
    roles = ("kiosk", "display", "clerk", "manager")
    tokens = {role: new_token(folder, role, f"{role}-1") for role in roles}
    made = {role: Caller(server.app.test_client(use_cookies=False), token) for role, token in tokens.items()}
    return {**made, "nobody": Caller(server.app.test_client(use_cookies=False), None)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """`istiqbal serve` in a process of its own."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when it answers."""
        log = (self.folder / "server.log").open("ab")
        command = [ISTIQBAL, "serve", self.folder, "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, start_new_session=True)
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

    def person(self, login: str, role: str, password: str = "a good password") -> None:
        new_person(self.folder, login, login.title(), role, password)


@pytest.fixture
def running(folder: Path) -> Iterator[Running]:
    """A server process; the test starts it, after it has written what unit.toml shall say."""
    made = Running(folder)
    yield made
    made.kill()
