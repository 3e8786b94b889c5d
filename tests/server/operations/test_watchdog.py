"""The server tells systemd that it is well, after a real look only, and takes over the socket that systemd listens on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from server.operations.watchdog import NoAnswer, Watchdog, look
from tests.running import ISTIQBAL, Running, free_port


def test_it_is_ready_after_the_first_good_look_and_says_so_again_in_time() -> None:
    told: list[str] = []
    now = [0.0]
    watchdog = Watchdog(lambda: None, told.append, interval_s=60, steady=lambda: now[0])
    for second in range(61):
        now[0] = float(second)
        watchdog.turn()
    assert told == ["READY=1\nWATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"]


def test_a_look_that_fails_says_nothing() -> None:
    told: list[str] = []

    def fail() -> None:
        raise NoAnswer("no")

    watchdog = Watchdog(fail, told.append, interval_s=60)
    with pytest.raises(NoAnswer):
        watchdog.turn()
    assert told == []


def test_nobody_there_is_no_answer() -> None:
    with pytest.raises(NoAnswer):
        look("127.0.0.1", free_port())


def test_systemd_hears_that_a_real_server_is_ready_and_nothing_more_once_it_is_frozen(folder: Path, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(tmp_path / "notify"))
        supervisor.settimeout(30)
        port = free_port()
        environment = {**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "3000000"}
        process = subprocess.Popen([ISTIQBAL, "serve", folder, "--port", str(port)], env=environment, start_new_session=True)
        try:
            assert supervisor.recv(100) == b"READY=1\nWATCHDOG=1"
            assert urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz").status == 200
            assert supervisor.recv(100) == b"WATCHDOG=1"
            os.killpg(process.pid, signal.SIGSTOP)
            supervisor.setblocking(False)
            while drained(supervisor.recv):
                pass
            supervisor.settimeout(4)
            with pytest.raises(TimeoutError):
                supervisor.recv(100)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def drained(receive: Callable[[int], bytes]) -> bool:
    try:
        return bool(receive(100))
    except BlockingIOError:
        return False


HANDED_OVER = """
import os, socket, sys
line = socket.create_server((sys.argv[1], 0), family=socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
print(line.getsockname()[1], flush=True)
os.dup2(line.fileno(), 3)
os.set_inheritable(3, True)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.argv[2], sys.argv[2:])
"""
"""A program that listens as systemd does and becomes the server (sd_listen_fds(3))."""


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::1", "::"])
def test_it_looks_where_it_was_made_to_listen_and_not_where_it_was_told_to(folder: Path, tmp_path: Path, address: str) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(tmp_path / "notify"))
        supervisor.settimeout(30)
        environment = {**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "3000000"}
        command = [sys.executable, "-c", HANDED_OVER, address, ISTIQBAL, "serve", folder, "--port", str(free_port())]
        process = subprocess.Popen(command, env=environment, start_new_session=True, stdout=subprocess.PIPE)
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline())
            assert supervisor.recv(100) == b"READY=1\nWATCHDOG=1"
            assert process.stdout.readline().decode().strip().endswith(f":{port}/")
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            process.stdout.close()


def test_it_serves_on_the_socket_that_systemd_hands_over(running: Running) -> None:
    command = ["systemd-socket-activate", "-l", f"127.0.0.1:{running.port}", ISTIQBAL, "serve", running.folder]
    process = subprocess.Popen([*command, "--port", str(running.port)], stderr=subprocess.PIPE, start_new_session=True)
    try:
        assert process.stderr is not None
        assert b"Listening" in process.stderr.readline()
        with urllib.request.urlopen(f"{running.url}/readyz", timeout=30) as response:
            assert response.status == 200
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stderr.close()
