"""What other machines in the network do: too many sockets, slow requests, nonsense."""

from __future__ import annotations

import contextlib
import json
import random
import re
import selectors
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import requests
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.faults.hall import Load, Result, hall, judged, threads_of, until, worker_of
from tests.running import Running

STRANGERS = ("127.0.0.8", "127.0.0.9")
"""Two other machines, as far as the server can tell."""
SOCKET = "/socket.io/?EIO=4&transport=websocket"
HUNG_UP = "hung up"
FRESH_S = 5.0
"""A ticket may take so long while a machine of two busy cores is under attack."""


def crowd(count: int) -> Result:
    """So many websocket clients at once; every third joins the display and then never reads."""
    with hall() as running:
        running.start()
        display = running.token("display", "display-1")
        load = Load(running.url, running.token("kiosk", "kiosk-1"), clients=2, pause_s=0.05).start()
        load.more(3)
        outcomes: Counter[str] = Counter()
        lines = [_come(running, number, display, outcomes) for number in range(count)]
        load.more(20)
        page = requests.get(f"{running.url}/healthz", timeout=10).status_code
        for line in lines:
            line.close()
        until(lambda: _screens(running) == 0, "free places", 40)
        load.more(3)
        load.stop()
        running.stop()
        told, cut = outcomes["503"], outcomes[HUNG_UP]
        seen = f"{outcomes['101']} let in, {told} told to come later (503)"
        seen += f", {cut} hung up on" if cut else ""
        seen += f"; tickets went on, the slowest in {load.slowest_s:.1f} s"
        well = page == 200 and outcomes["101"] + told + cut == count and told > 0
        return judged(
            "websocket clients at once, some never read", f"{count} clients", load, running.folder / "unit.db", seen, well
        )


def _come(running: Running, number: int, token: str, outcomes: Counter[str]) -> socket.socket:
    line = _dial(running, STRANGERS[number % 2])
    key = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13"
    try:
        line.sendall(f"GET {SOCKET} HTTP/1.1\r\nHost: x\r\n{key}\r\n\r\n".encode())
        answer = line.recv(64)[9:12].decode() or HUNG_UP
    except ConnectionError:  # one of too many that have not yet said what they want
        answer = HUNG_UP
    outcomes[answer] += 1
    if number % 3 == 0:
        with contextlib.suppress(OSError):
            line.sendall(_frame(f"40/display,{json.dumps({'token': token})}"))
    return line


def _dial(running: Running, address: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", running.port), timeout=20, source_address=(address, 0))


def _frame(text: str) -> bytes:
    """A masked text frame; the mask is zero."""
    data = text.encode()
    assert len(data) < 126
    return bytes((0x81, 0x80 | len(data))) + bytes(4) + data


def _screens(running: Running) -> int:
    figures = requests.get(f"{running.url}/metrics", timeout=10).text
    return sum(int(float(count)) for count in re.findall(r'^istiqbal_screens\{namespace="/display"\} ([\d.]+)', figures, re.M))


def _have_threads(running: Running) -> None:
    """More requests at once than any later: the server makes threads as it needs them, and keeps them."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: requests.get(f"{running.url}/healthz", timeout=10), range(64)))


def frozen_display() -> Result:
    """A display that stops reading; the others go on, and it is given up."""
    with hall() as running:
        running.start()
        token = running.token("display", "display-1")
        load = Load(running.url, running.token("kiosk", "kiosk-1"), clients=1, pause_s=0.05).start()
        _have_threads(running)
        frozen = _come(running, 0, token, Counter())
        until(lambda: _screens(running) == 1, "frozen display")
        before = threads_of(worker_of(running))
        with connect(f"ws://127.0.0.1:{running.port}{SOCKET}", compression=None) as live:
            live.recv()
            live.send(f"40/display,{json.dumps({'token': token})}")
            start, snapshots = time.monotonic(), 0
            while _screens(running) > 1 or snapshots == 0:
                assert time.monotonic() < start + 40, "the frozen display is never given up"
                text = str(live.recv(timeout=10))
                snapshots += text.startswith("42/display")
                if text == "2":
                    live.send("3")
            gone = time.monotonic() - start
        until(lambda: threads_of(worker_of(running)) < before, "thread that ends")
        frozen.close()
        load.stop()
        running.stop()
        seen = f"given up after {gone:.0f} s, its threads ended; meanwhile another display had {snapshots} snapshots"
        return judged("a display that freezes", "once", load, running.folder / "unit.db", seen)


def slow_requests(count: int) -> Result:
    """Half a head, a drop every second, nothing at all, half a body that is read or not: and nobody closes."""
    with hall() as running:
        running.start()
        load = Load(running.url, running.token("kiosk", "kiosk-1"), clients=2, pause_s=0.05).start()
        load.more(3)
        starts = (b"POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"", b"GET / HTTP/1.1\r\nHost: x\r\n")
        unread = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nlogin="
        read = unread.replace(b"Host: x", b"Host: x\r\nContent-Type: application/x-www-form-urlencoded")
        lines = [_dial(running, STRANGERS[number % 2]) for number in range(count)]
        for number, line in enumerate(lines):
            line.sendall((*starts, unread, read)[number % 5])
        end = time.monotonic() + 60
        open_lines = _drip(lines, end)
        load.more(10)
        load.stop()
        running.stop()
        seen = f"all hung up on within a minute; tickets went on, the slowest in {load.slowest_s:.1f} s"
        if open_lines:
            seen = f"{open_lines} still open after a minute"
        well = not open_lines and load.slowest_s < FRESH_S
        return judged("slow requests (slow loris)", f"{count} connections", load, running.folder / "unit.db", seen, well)


def _drip(lines: list[socket.socket], end: float) -> int:
    """Send a byte on each now and then until the server hangs up; how many it did not by then."""
    waiting = selectors.DefaultSelector()
    for line in lines:
        waiting.register(line, selectors.EVENT_READ)
    while waiting.get_map() and time.monotonic() < end:
        for key, _ in waiting.select(0.5):
            line = key.fileobj
            assert isinstance(line, socket.socket)
            with contextlib.suppress(OSError):
                if line.recv(1000):
                    continue
            waiting.unregister(line)
            line.close()
        for key in list(waiting.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)
            if random.random() < 0.2:
                with contextlib.suppress(OSError):
                    key.fileobj.sendall(b"x")
    return len(waiting.get_map())


def nonsense(count: int) -> Result:
    """Requests and socket frames that nobody should send, half of each, from eight clients."""
    with hall() as running:
        running.start()
        token = running.token("display", "display-1")
        load = Load(running.url, running.token("kiosk", "kiosk-1"), clients=1, pause_s=0.05).start()
        statuses: Counter[str] = Counter()
        jobs = [threading.Thread(target=_babble, args=(running, seed, count // 16, statuses)) for seed in range(8)]
        jobs += [threading.Thread(target=_babble_frames, args=(running, seed, count // 16, token)) for seed in range(8)]
        for job in jobs:
            job.start()
        for job in jobs:
            job.join(600)
        load.more(5)
        load.stop()
        pid = worker_of(running)
        running.stop()
        log = (running.folder / "server.log").read_text(errors="replace")
        broken = sum(number for status, number in statuses.items() if status.startswith("5"))
        seen = f"answers: {', '.join(f'{number} × {status}' for status, number in statuses.most_common(5))}"
        well = broken == 0 and "Traceback" not in log and pid > 0 and set(load.refusals) == set()
        if "Traceback" in log:
            seen += "; traces in the log"
        return judged("malformed requests and socket frames", f"{count}", load, running.folder / "unit.db", seen, well)


METHODS = ("GET", "POST", "PUT", "BREW", "get", "", "GET\0", "OPTIONS", "TRACE")
PATHS = (
    "/", "/api/v1/tickets", "/../../etc/passwd", "/t/%00", "/%ff%fe", "*", "/assets/x/..%2f..%2funit.db", "//",
    "/socket.io/?EIO=9", "/socket.io/?EIO=4&transport=websocket&sid=x", "/api/v1/visits/" + "a" * 3000,
    "/counter/99999999999999999999",
)  # fmt: skip
HEADERS = (
    "Host: x", "Content-Length: -1", "Content-Length: 99999999999", "Transfer-Encoding: chunked",
    "Content-Type: application/json", "Authorization: Bearer \xff", "Cookie: istiqbal_session=" + "x" * 500,
    "X: " + "y" * 9000, "no colon", "Idempotency-Key: \x01", "Upgrade: websocket", "Accept-Language: " + "ar," * 900,
    "Expect: 100-continue", "Range: bytes=5-1", "Origin: null",
)  # fmt: skip
BODIES = (b"", b"{", b"[]", b'{"service":1}', b"\xff" * 100, b"ZZ\r\n", b"{" * 5000, b'{"service":"' + b"\xd8\xa7" * 900 + b'"}')


def _babble(running: Running, seed: int, count: int, statuses: Counter[str]) -> None:
    chance = random.Random(seed)
    for _ in range(count):
        head = f"{chance.choice(METHODS)} {chance.choice(PATHS)} HTTP/{chance.choice(('1.1', '1.1', '1.0', '9', ''))}\r\n"
        lines = "\r\n".join(chance.sample(HEADERS, chance.randint(0, 4)))
        sent = (head + lines + "\r\n\r\n").encode("latin-1") + chance.choice(BODIES)
        if chance.random() < 0.2:
            sent = chance.randbytes(chance.randint(1, 400))
        statuses[_status(running, sent, STRANGERS[seed % 2])] += 1


def _status(running: Running, sent: bytes, address: str) -> str:
    with _dial(running, address) as line:
        try:
            line.sendall(sent)
            line.shutdown(socket.SHUT_WR)
            answer = line.recv(200)
        except OSError:
            return HUNG_UP
    return answer[9:12].decode("latin-1") if answer.startswith(b"HTTP/") else HUNG_UP


FRAMES = (
    "4", "40", "40/display", '40/display,{"token":1}', "40/display,{", "42/display,[]", '42/display,["snapshot",{}]',
    "43/display,1[]", "45-1-", "451-", "5", "6", "9", "b4AAAA", "", "\0", "42" + "[" * 3000, "3", "2probe",
    "40/nowhere,", "41/display,", "4" * 1000,
)  # fmt: skip


def _babble_frames(running: Running, seed: int, count: int, token: str) -> None:
    chance = random.Random(seed)
    sent = 0
    while sent < count:
        with contextlib.suppress(WebSocketException, OSError, EOFError):
            with connect(
                f"ws://127.0.0.1:{running.port}{SOCKET}", compression=None, source_address=(STRANGERS[seed % 2], 0)
            ) as line:
                if chance.random() < 0.5:
                    line.send(f"40/display,{json.dumps({'token': token})}")
                for _ in range(chance.randint(1, 30)):
                    sent += 1
                    raw = chance.random()
                    if raw < 0.1:
                        line.socket.sendall(chance.randbytes(50))
                    else:
                        line.send(chance.choice(FRAMES) if raw < 0.8 else chance.randbytes(chance.randint(0, 300)))
            continue
        sent += 1
