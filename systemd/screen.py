"""A screen of the hall: Chromium, watched. Runs inside cage (see istiqbal-screen@.service); needs Python's standard library alone.

The browser begins with a page of its own that says “one moment”, and is sent to the screen's address when the server answers. The
same happens whenever it is anywhere else: at an error page, because somebody restarted it while the server was away. A page that no
longer answers (its process was killed, or hangs) ends this program, and systemd starts it anew. Chromium is spoken to through a
pipe that only this program holds, so that no port is open and no token stands in a command line.

Environment: ADDRESS (the screen, with ?token= or already paired), PROFILE (a folder that is kept), BROWSER, FLAGS (for Chromium).
"""

from __future__ import annotations

import json
import os
import select
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

WAITING = Path(__file__).resolve().with_name("waiting.html")
LOOK_EVERY_S = float(os.environ.get("LOOK_EVERY_S", "3"))
ANSWER_WITHIN_S = float(os.environ.get("ANSWER_WITHIN_S", "10"))
MOST_MISSED = 3
FLAGS = (
    "--kiosk",
    "--no-first-run",
    "--no-default-browser-check",
    "--noerrdialogs",
    "--hide-crash-restore-bubble",
    "--disable-session-crashed-bubble",
    "--disable-features=Translate,MediaRouter,OptimizationHints,WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--password-store=basic",
    "--autoplay-policy=no-user-gesture-required",
    "--remote-debugging-pipe",
)


class Gone(Exception):
    """The browser ended, or its page no longer answers."""


class Browser:
    """Chromium and the pipe to it (the DevTools protocol, messages end in NUL)."""

    def __init__(self, program: str, flags: list[str]) -> None:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        os.set_inheritable(theirs_in, True)
        os.set_inheritable(theirs_out, True)
        shell = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self.process = subprocess.Popen(["sh", "-c", shell, program, *flags], pass_fds=(theirs_in, theirs_out))
        os.close(theirs_in)
        os.close(theirs_out)
        self._out, self._in = ours_out, ours_in
        self._left = b""
        self._number = 0

    def ask(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """The answer to one command; raises Gone when there is none within ANSWER_WITHIN_S."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": params, **({"sessionId": session} if session else {})}
        try:
            os.write(self._out, json.dumps(command).encode() + b"\0")
        except OSError as error:
            raise Gone(str(error)) from error
        end = time.monotonic() + ANSWER_WITHIN_S
        while True:
            message = self._message(end)
            if message.get("id") == self._number:
                return dict(message.get("result", {}))

    def _message(self, end: float) -> dict[str, Any]:
        while b"\0" not in self._left:
            ready, _, _ = select.select([self._in], [], [], max(0.0, end - time.monotonic()))
            data = os.read(self._in, 65536) if ready else b""
            if not data:
                raise Gone("the browser does not answer" if not ready else "the browser has ended")
            self._left += data
        message, _, self._left = self._left.partition(b"\0")
        return dict(json.loads(message))

    def page(self) -> str:
        """A session with the page that is shown."""
        for target in self.ask("Target.getTargets").get("targetInfos", []):
            if target["type"] == "page":
                return str(self.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"])
        raise Gone("no page is open")

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()


def server_answers(origin: str) -> bool:
    """Whether the server is up and ready for screens."""
    try:
        with urllib.request.urlopen(f"{origin}/readyz", timeout=3) as response:
            return bool(response.status == 200)
    except (OSError, ValueError):
        return False


def tell_systemd(word: str) -> None:
    """READY=1 or WATCHDOG=1, where systemd listens."""
    if path := os.environ.get("NOTIFY_SOCKET"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(word.encode(), "\0" + path[1:] if path.startswith("@") else path)


def watch(browser: Browser, address: str) -> None:
    """Send the page to its address whenever it is elsewhere and the server answers; raises Gone."""
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    page = browser.page()
    tell_systemd("READY=1")
    missed = 0
    while True:
        where = browser.ask("Runtime.evaluate", page, expression="location.href", returnByValue=True)
        here = str(where.get("result", {}).get("value", ""))
        missed = 0 if here else missed + 1
        if missed >= MOST_MISSED:
            raise Gone("the page was killed")
        if not here.startswith(origin + "/") and server_answers(origin):
            browser.ask("Page.navigate", page, url=address)
        tell_systemd("WATCHDOG=1")
        time.sleep(LOOK_EVERY_S)


def main() -> int:
    address = os.environ.get("ADDRESS", "")
    if urlsplit(address).scheme not in ("http", "https"):
        print("ADDRESS must be the screen's address, http://…; see docs/screens-machines.md", file=sys.stderr)
        return 2
    profile = os.environ.get("PROFILE", f"/tmp/istiqbal-screen-{os.getuid()}")
    flags = [*FLAGS, f"--user-data-dir={profile}", *shlex.split(os.environ.get("FLAGS", "")), WAITING.as_uri()]
    browser = Browser(os.environ.get("BROWSER", "chromium"), flags)
    try:
        watch(browser, address)
    except Gone as gone:
        print(f"{gone}; starting anew", file=sys.stderr)
    finally:
        browser.close()
    return 1


if __name__ == "__main__":
    sys.exit(main())
