"""LED boards over a real serial line, each with a sign that decodes its protocol."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from display import board
from display.board import Board
from display.boards import MAKES, alpha, plain
from server.announced import CALLS_SHOWN
from server.lifecycle import Action
from server.settings import BoardSettings
from server.unit import Unit
from server.visits import Order
from tests.conftest import CLERK, KIOSK
from tests.display import signs
from tests.display.signs import Sign


@pytest.fixture
def boards(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Board]]:
    """Boards that a test appends to are stopped."""
    monkeypatch.setattr(board, "RETRY_S", 0.05)
    monkeypatch.setattr(board, "HOLD_S", 0.05)
    made: list[Board] = []
    yield made
    for one in made:
        one.stop()


def put_up(unit: Unit, boards: list[Board], **config: object) -> Board:
    made = Board(unit, BoardSettings.model_validate({"name": "led-1", "make": "plain", **config}))
    boards.append(made)
    made.start()
    return made


def call(unit: Unit, counter: int) -> None:
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    unit.visits.desk(counter, "open", CLERK)
    unit.visits.call_next(counter, CLERK)


def test_every_make_that_unit_toml_takes_has_a_module_and_the_other_way_round() -> None:
    assert set(MAKES) == set(get_args(BoardSettings.model_fields["make"].annotation))


def test_an_alpha_sign_gets_a_call_as_a_packet_of_its_protocol() -> None:
    packet = alpha.frame("A042", 4, 0)
    assert packet == b"\0\0\0\0\0\x01Z00\x02A0\x1b bA042 > 4\x03" + b"029C" + b"\x04"
    assert signs.alpha(packet) == (["A042 > 4"], b"")
    assert signs.alpha(alpha.frame(None, None, 7)) == ([""], b"")


def test_a_plain_board_gets_a_call_as_a_line_with_its_checksum() -> None:
    assert plain.frame("A042", 4, 1) == b"@01 A042 004*42\r\n"
    assert plain.frame(None, None, 0).startswith(b"@00 ---- ---*")
    assert signs.plain(plain.frame("B1142", 12, 3)) == (["03 B1142 012"], b"")


@pytest.mark.parametrize(
    ("make", "decode", "empty", "first", "second"),
    [
        ("alpha", signs.alpha, "", "A001 > 2", "A002 > 3"),
        ("plain", signs.plain, "00 ---- ---", "00 A001 002", "00 A002 003"),
    ],
)
def test_it_shows_each_call_and_is_empty_before_the_first_and_after_the_last(
    unit: Unit, boards: list[Board], tmp_path: Path, make: str, decode: signs.Decode, empty: str, first: str, second: str
) -> None:
    sign = Sign(tmp_path / "tty", decode)
    made = put_up(unit, boards, make=make, port=str(sign.path))
    sign.shows(empty)
    call(unit, 2)
    sign.shows(first)
    call(unit, 3)
    sign.shows(second)
    made.stop()
    sign.shows(empty, times=2)


def test_each_board_shows_its_own_counters(unit: Unit, boards: list[Board], tmp_path: Path) -> None:
    left, right = Sign(tmp_path / "left", signs.plain), Sign(tmp_path / "right", signs.plain)
    put_up(unit, boards, port=str(left.path), counters=[1, 2], address=1)
    put_up(unit, boards, name="led-2", port=str(right.path), counters=[3], address=2)
    call(unit, 3)
    right.shows("02 A001 003")
    call(unit, 2)
    left.shows("01 A002 002")
    assert not any("A001" in text for text in left.shown)
    assert not any("A002" in text for text in right.shown)


def test_a_board_keeps_the_call_of_its_counters_however_many_are_called_elsewhere(
    unit: Unit, boards: list[Board], tmp_path: Path
) -> None:
    call(unit, 3)
    for _ in range(CALLS_SHOWN):
        call(unit, 1)
        for action in (Action.START, Action.FINISH):
            unit.visits.at_counter(1, action, CLERK)
    sign = Sign(tmp_path / "tty", signs.plain)
    put_up(unit, boards, port=str(sign.path), counters=[3])
    sign.shows("00 A001 003")


def test_a_recall_is_written_again(unit: Unit, boards: list[Board], tmp_path: Path) -> None:
    sign = Sign(tmp_path / "tty", signs.plain)
    put_up(unit, boards, port=str(sign.path))
    call(unit, 1)
    sign.shows("00 A001 001")
    unit.visits.at_counter(1, Action.RECALL, CLERK)
    sign.shows("00 A001 001", times=2)


def test_it_shows_the_last_call_again_when_its_cable_is_plugged_in_and_the_queue_never_waits(
    unit: Unit, boards: list[Board], tmp_path: Path
) -> None:
    sign = Sign(tmp_path / "tty", signs.plain)
    put_up(unit, boards, port=str(sign.path))
    call(unit, 1)
    sign.shows("00 A001 001")
    sign.unplug()
    call(unit, 2)
    unit.visits.at_counter(2, Action.RECALL, CLERK)
    sign.plug_in()
    sign.shows("00 A002 002")


def test_a_board_that_is_not_there_does_not_stop_the_queue(unit: Unit, boards: list[Board], tmp_path: Path) -> None:
    put_up(unit, boards, port=str(tmp_path / "no-such-line"))
    call(unit, 1)
    put_up(unit, boards, name="led-2", port="gopher://nonsense")
    call(unit, 2)


def test_it_says_the_call_again_now_and_then_for_a_board_that_was_switched_off(
    unit: Unit, boards: list[Board], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "REPEAT_S", 0.05)
    sign = Sign(tmp_path / "tty", signs.plain)
    call(unit, 1)
    put_up(unit, boards, port=str(sign.path))
    sign.shows("00 A001 001", times=3)


def test_it_reaches_a_board_behind_a_converter_on_the_network(unit: Unit, boards: list[Board]) -> None:
    received = bytearray()
    shown = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as converter:

        def read() -> None:
            line, _ = converter.accept()
            with line:
                while data := line.recv(100):
                    received.extend(data)
                    if b"A001 001" in received:
                        shown.set()

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        made = put_up(unit, boards, port=f"socket://127.0.0.1:{converter.getsockname()[1]}")
        call(unit, 1)
        assert shown.wait(20)
        made.stop()
        reader.join(10)
