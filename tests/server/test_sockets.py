"""The cheap frames are real frames, and the libraries they lean on are the ones they were written for."""

from __future__ import annotations

from importlib.metadata import version

import hypothesis.strategies as st
import pytest
from engineio.async_drivers import threading as driver
from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI
from hypothesis import given
from wsproto.connection import Connection, ConnectionType
from wsproto.events import TextMessage

from server.web.sockets import frame


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
