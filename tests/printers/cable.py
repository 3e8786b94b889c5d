"""A network cable that is really pulled: a printer in a network namespace of its own, and a link that goes down.

unshare --net python -m tests.printers.cable between|during     needs root; leaves the machine's network alone
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.printers.fakes import TcpPrinter
from tests.printers.hall import Hall
from tests.printers.samples import device

_OURS, _THEIRS = "198.18.0.1", "198.18.0.2"  # addresses that RFC 2544 keeps for tests


def possible() -> bool:
    """Whether this machine lets us make network namespaces."""
    if os.geteuid() != 0 or not shutil.which("unshare") or not shutil.which("ip"):
        return False
    probe = "ip netns add probe-$$ && ip -n probe-$$ link && ip netns del probe-$$"
    return subprocess.run(["unshare", "--net", "sh", "-c", probe], check=False, capture_output=True).returncode == 0


def try_cable(when: str) -> dict[str, object]:
    """Tickets' states, their texts on paper, and the seconds until the pulled cable was noticed."""
    command = ["unshare", "--net", sys.executable, "-m", "tests.printers.cable", when]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def _hall(when: str) -> dict[str, object]:
    name = f"printer-{os.getpid()}"
    _ip("netns", "add", name)
    try:
        for words in (
            f"link add ours type veth peer name theirs netns {name}",
            f"addr add {_OURS}/30 dev ours",
            "link set ours up",
            f"-n {name} addr add {_THEIRS}/30 dev theirs",
            f"-n {name} link set theirs up",
        ):
            _ip(*words.split())
        return _print(when, name)
    finally:
        _ip("netns", "del", name)


def _print(when: str, name: str) -> dict[str, object]:
    command = ["ip", "netns", "exec", name, sys.executable, "-m", "tests.printers.cable", "printer"]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
        tempfile.TemporaryDirectory() as folder,
    ):
        assert process.stdout
        assert process.stdin
        port = int(process.stdout.readline())
        hall = Hall(Path(folder) / "hall.db")
        hall.order("A001", "A002", "A003")
        opened = device("network", host=_THEIRS, port=port, timeout=2.0)
        assert hall.print_next(opened) == "confirmed"
        if when == "between":
            _ip("link", "set", "ours", "down")
        else:
            hall.before_sending = lambda: _ip("link", "set", "ours", "down")
        begin = time.monotonic()
        hall.print_next(opened)
        noticed = time.monotonic() - begin
        hall.before_sending = None
        _ip("link", "set", "ours", "up")
        hall.print_all(opened, opened.close)
        opened.close()
        process.stdin.close()
        texts = json.loads(process.stdout.readline())
        return {"jobs": hall.jobs(), "texts": texts, "noticed": noticed}


def _printer() -> None:
    with TcpPrinter(host="0.0.0.0") as printer:
        print(printer.port, flush=True)
        sys.stdin.read()
        print(json.dumps([ticket.text for ticket in printer.tickets]), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "printer":
        _printer()
    else:
        print(json.dumps(_hall(sys.argv[1])))
