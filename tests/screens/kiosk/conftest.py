"""A hall with a kiosk."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.running import Running
from tests.screens.kiosk.opened import Kiosk

PUBLIC = 'public_url = "http://127.0.0.1:8080"\n'


@pytest.fixture
def hall(running: Running) -> Running:
    text = (running.folder / "unit.toml").read_text()
    (running.folder / "unit.toml").write_text(text.replace("port = 8080\n", "port = 8080\n" + PUBLIC))
    return running


@pytest.fixture
def kiosk(new_page: Callable[..., Page], hall: Running) -> Iterator[Kiosk]:
    """Starts the server if need be and opens the kiosk; whatever its console tells as an error fails the test."""
    errors: list[str] = []

    def opened(clock: bool = False, width: int = 1080, height: int = 1920, seen: str = ".choice") -> Page:
        if hall.process is None:
            hall.start()
        page = new_page(width, height)
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        if clock:
            page.clock.install()
        page.goto(f"{hall.url}/kiosk/?token={hall.token('kiosk', 'kiosk-1')}")
        if clock:
            page.clock.run_for(1000)
        expect(page.locator(seen).first).to_be_visible()
        return page

    yield opened
    assert errors == []
