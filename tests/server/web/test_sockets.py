"""The cheap frames are real frames, and the libraries they lean on are the ones they were written for."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import hypothesis.strategies as st
import pytest
from engineio.async_drivers import threading as driver
from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI
from hypothesis import given
from wsproto.connection import Connection, ConnectionType
from wsproto.events import TextMessage

from server.app import Server
from server.operations.making import new_token
from server.visits import Order
from server.web.sockets import frame
from tests.conftest import KIOSK


@given(st.text(min_size=1, max_size=300))
def test_an_independent_reader_understands_the_frame(message: str) -> None:
    assert read(frame(message)) == message


@pytest.mark.parametrize("length", [1, 125, 126, 127, 65_535, 65_536, 200_000])
def test_every_length_has_its_head(length: int) -> None:
    assert read(frame("ⴰ" * (length // 3) + "x" * (length % 3))) == "ⴰ" * (length // 3) + "x" * (length % 3)


def read(data: bytes) -> str:
    reader = Connection(ConnectionType.CLIENT)
    reader.receive_data(data)
    parts = [event.data for event in reader.events() if isinstance(event, TextMessage)]
    return "".join(parts)


def test_the_libraries_are_the_pinned_ones_with_the_table_that_is_replaced() -> None:
    assert version("python-engineio").startswith("4.15.")
    assert version("simple-websocket").startswith("1.1.")
    assert driver._async["websocket"] is SimpleWebSocketWSGI
    assert {"queue", "websocket", "queue_empty"} <= set(driver._async)


def test_a_snapshot_is_encoded_once_however_many_screens_there_are(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(folder)
    token = new_token(folder, "display", "d")
    for _ in range(5):
        assert server.sockets.test_client(server.app, "/display", auth={"token": token}).is_connected("/display")
    sent: list[object] = []
    monkeypatch.setattr(server.sockets.server, "_send_eio_packet", lambda _, packet: sent.append(packet))
    server.unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    assert len(sent) == 5
    assert len({id(packet) for packet in sent}) == 1
    server.unit.close()
