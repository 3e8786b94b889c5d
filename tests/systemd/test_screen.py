"""A screen's browser, watched: it waits for the server, comes back by itself, and is started anew when its page was killed."""

from __future__ import annotations

import contextlib
import http.server
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chromium import chromium
from tests.running import free_port

SCREEN = Path(__file__).resolve().parents[2] / "systemd" / "screen.py"
RELOADS = b"<!doctype html><meta http-equiv=refresh content=0.3><title>screen</title><p>screen"
STAYS = b"<!doctype html><title>screen</title><p>screen"


class Hall:
    """A server that is there or not, on one port; it counts how often the screen's page was fetched."""

    def __init__(self, page: bytes) -> None:
        self.port = free_port()
        self._page = page
        self._server: http.server.ThreadingHTTPServer | None = None
        self._fetched = threading.Condition()
        self.pages = 0

    def start(self) -> None:
        hall = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(hall._page)
                if self.path.startswith("/kiosk/"):
                    with hall._fetched:
                        hall.pages += 1
                        hall._fetched.notify_all()

            def log_message(self, *_: object) -> None: ...

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def fetched(self, more_than: int) -> int:
        with self._fetched:
            assert self._fetched.wait_for(lambda: self.pages > more_than, timeout=40), "the screen did not come"
            return self.pages


class Screen:
    """`screen.py` in a process group of its own, with a systemd that listens."""

    def __init__(self, folder: Path, port: int) -> None:
        self.profile = folder / "profile"
        self._said = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._said.settimeout(40)
        self._said.bind(str(folder / "notify"))
        environment = {
            **os.environ,
            "ADDRESS": f"http://127.0.0.1:{port}/kiosk/",
            "PROFILE": str(self.profile),
            "BROWSER": chromium(),
            "FLAGS": "--headless=new --no-sandbox --disable-gpu",
            "NOTIFY_SOCKET": str(folder / "notify"),
            "LOOK_EVERY_S": "0.2",
            "ANSWER_WITHIN_S": "4",
        }
        self.process = subprocess.Popen(
            [sys.executable, SCREEN], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def says(self, word: bytes) -> None:
        while self._said.recv(100) != word:
            pass

    def _processes(self) -> Iterator[tuple[int, bytes]]:
        """Each with its command line."""
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                command = (entry / "cmdline").read_bytes()
                ours = os.getpgid(int(entry.name)) == self.process.pid
            except OSError:
                continue
            if ours:
                yield int(entry.name), command

    def pages(self) -> list[bytes]:
        """The command lines of the processes that hold its pages."""
        return [command for _, command in self._processes() if b"--type=renderer" in command]

    def kill_page(self) -> None:
        """As the kernel does when memory runs out: the page's process dies, the browser lives on."""
        for process, command in self._processes():
            if b"--type=renderer" in command:
                os.kill(process, signal.SIGKILL)

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)
        self._said.close()


@pytest.fixture
def hall(request: pytest.FixtureRequest) -> Iterator[Hall]:
    made = Hall(request.param)
    yield made
    made.stop()


@pytest.fixture
def screen(tmp_path: Path, hall: Hall) -> Iterator[Screen]:
    made = Screen(tmp_path, hall.port)
    yield made
    made.close()


@pytest.mark.parametrize("hall", [RELOADS], indirect=True)
def test_a_browser_opened_before_the_server_finds_it_and_finds_it_again_after_an_error_page(hall: Hall, screen: Screen) -> None:
    screen.says(b"READY=1")
    screen.says(b"WATCHDOG=1")
    hall.start()
    hall.fetched(1)
    hall.stop()
    screen.says(b"WATCHDOG=1")
    before = hall.pages
    hall.start()
    hall.fetched(before + 1)


@pytest.mark.parametrize("hall", [STAYS], indirect=True)
def test_a_page_that_was_killed_ends_the_watcher_so_that_systemd_starts_it_anew(hall: Hall, screen: Screen) -> None:
    hall.start()
    hall.fetched(0)
    screen.says(b"WATCHDOG=1")
    screen.kill_page()
    assert screen.process.wait(40) == 1


@pytest.mark.parametrize("hall", [STAYS], indirect=True)
def test_a_cheap_machine_holds_no_page_of_an_address_bar_that_nobody_sees(hall: Hall, screen: Screen) -> None:
    hall.start()
    hall.fetched(0)
    screen.says(b"WATCHDOG=1")
    pages = screen.pages()
    assert pages
    assert not [page for page in pages if b"--top-chrome-webui" in page]


def test_without_an_address_it_says_what_to_do() -> None:
    done = subprocess.run([sys.executable, SCREEN], env={"ADDRESS": "kiosk"}, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "docs/screens-machines.md" in done.stderr
