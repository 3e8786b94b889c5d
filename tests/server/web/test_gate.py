"""Strangers, slow clients and too many of them: the hall goes on. Real sockets to a real server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from server.operations.worker import BODY_S, HEADS_OF_ONE_ADDRESS, Slow, TimedBody
from server.web.gate import STANDING, Gate
from tests.running import Running

STRANGER = ("127.0.0.9", 0)
"""Another machine, as far as the server can tell."""
ORDER = {"service": "etat-civil", "language": "ar"}


@pytest.fixture
def small(running: Running) -> Iterator[Running]:
    """A server that has room for sixteen sockets beside its requests."""
    text = (running.folder / "unit.toml").read_text().replace("port = 8080", "port = 8080\nthreads = 80")
    (running.folder / "unit.toml").write_text(text)
    running.start()
    yield running
    running.stop()


def open_socket(running: Running, origin: str | None = None, source: tuple[str, int] | None = None) -> ClientConnection:
    address = f"ws://127.0.0.1:{running.port}/socket.io/?EIO=4&transport=websocket"
    return connect(address, origin=origin, source_address=source, compression=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null"])
def test_a_page_of_another_site_opens_no_socket(small: Running, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        open_socket(small, origin)
    assert refused.value.response.status_code == 400


def test_our_own_page_and_a_program_without_origin_do(small: Running) -> None:
    for origin in (small.url, None):
        with open_socket(small, origin) as line:
            assert str(line.recv()).startswith("0{")


def test_no_long_polling_holds_threads_beside_the_sockets(small: Running) -> None:
    import requests

    assert requests.get(f"{small.url}/socket.io/?EIO=4&transport=polling", timeout=5).status_code == 400


def test_one_machine_gets_half_of_the_sockets_and_the_hall_the_rest(small: Running) -> None:
    kiosk = small.token("kiosk", "kiosk-1")
    with ExitStack() as sockets:
        for _ in range(8):
            sockets.enter_context(open_socket(small, source=STRANGER))
        with pytest.raises(InvalidStatus) as refused:
            open_socket(small, source=STRANGER)
        for _ in range(8 + STANDING):
            sockets.enter_context(open_socket(small))
        with pytest.raises(InvalidStatus):
            open_socket(small)
        assert small.post(kiosk, "/tickets", ORDER).status_code == 201
    assert refused.value.response.status_code == 503
    assert refused.value.response.headers["Retry-After"] == "10"


def test_a_socket_that_never_says_whose_screen_it_is_is_sent_away(small: Running) -> None:
    with open_socket(small, source=STRANGER) as line, pytest.raises(ConnectionClosed):
        answer_pings(line)


def answer_pings(line: ClientConnection) -> None:
    """Until the server ends it."""
    while True:
        if str(line.recv(timeout=20)) == "2":
            line.send("3")


def test_half_sent_requests_of_one_machine_hold_few_threads(small: Running) -> None:
    kiosk = small.token("kiosk", "kiosk-1")
    slow = []
    for _ in range(HEADS_OF_ONE_ADDRESS * 4):
        line = socket.create_connection(("127.0.0.1", small.port), timeout=20, source_address=STRANGER)
        line.sendall(b"POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        slow.append(line)
    assert small.post(kiosk, "/tickets", ORDER).status_code == 201
    assert all(hung_up(line) for line in slow)


def hung_up(line: socket.socket) -> bool:
    """Whether the server ends the connection without an answer."""
    with line:
        try:
            return line.recv(100) == b""
        except ConnectionResetError:
            return True


def test_a_body_that_nobody_reads_and_that_comes_byte_by_byte_is_given_up(small: Running) -> None:
    with socket.create_connection(("127.0.0.1", small.port), timeout=20, source_address=STRANGER) as line:
        line.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n")
        assert line.recv(20).startswith(b"HTTP/1.1 401")
        line.settimeout(0.2)
        dripped = 0
        while dripped < 100 and not ended(line):
            dripped += 1
    assert dripped < 100, "the connection held a thread for twenty seconds"


def ended(line: socket.socket) -> bool:
    """Send one byte, and read on for a moment."""
    try:
        line.sendall(b"x")
        return line.recv(65536) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_a_connection_that_does_not_close_holds_nobody_up(small: Running) -> None:
    kiosk = small.token("kiosk", "kiosk-1")
    rude = []
    for _ in range(20):
        line = socket.create_connection(("127.0.0.1", small.port), timeout=20, source_address=STRANGER)
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        rude.append(line)
    assert small.post(kiosk, "/tickets", ORDER).status_code == 201
    assert all(b"200 OK" in line.recv(100) for line in rude)
    for line in rude:
        line.close()


def test_what_is_slow_is_cut_off_and_what_was_read_is_not() -> None:
    clock = [0.0]
    slow = Slow(lambda: clock[0])
    ours, theirs = socket.socketpair()
    done, _other = socket.socketpair()
    assert slow.begin(ours, "10.0.0.5", 10, most=1)
    assert not slow.begin(done, "10.0.0.5", 10, most=1)
    assert slow.begin(done, "10.0.0.6", 10, most=1)
    slow.end(done)
    clock[0] = 11.0
    slow.cut_off()
    assert theirs.recv(1) == b""
    done.sendall(b"x")
    for one in (ours, theirs, done, _other):
        one.close()


@pytest.mark.parametrize(
    ("chunk", "every_s", "in_all", "through"),
    [(64_000, 0.25, 60_000_000, True), (64_000, 4.0, 60_000_000, False), (1, 1.0, 500, False), (500, BODY_S - 1, 500, True)],
    ids=["a film over an ordinary Wi-Fi", "a film that never ends", "drips", "a few words, late"],
)
def test_a_body_has_the_time_that_its_bytes_earn(chunk: int, every_s: float, in_all: int, through: bool) -> None:
    clock = [0.0]
    slow = Slow(lambda: clock[0])
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)

    class Line:
        def read(self, size: int) -> bytes:
            clock[0] += every_s
            slow.cut_off()
            return bytes(min(chunk, size))

    body, come = TimedBody(Line(), ours, slow), 0
    while come < in_all and not hung_up_now(theirs):
        come += len(body.read(64_000))
    assert (come >= in_all) is through
    ours.close()
    theirs.close()


def hung_up_now(line: socket.socket) -> bool:
    try:
        return line.recv(1) == b""
    except BlockingIOError:
        return False


def test_a_place_is_free_again_when_a_socket_ends() -> None:
    gate = Gate(lambda *_: [b"open"], most=2)
    environ = {"HTTP_UPGRADE": "websocket", "REMOTE_ADDR": "192.168.1.7"}
    for _ in range(5):
        assert gate(environ, print) == [b"open"]
