"""The visit's page in a telephone's browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.running import Running
from tests.screens.counter.keys import Screen

SIZE_OF = "(one) => parseFloat(getComputedStyle(one).fontSize)"


@pytest.fixture
def hall(running: Running) -> Iterator[Running]:
    running.start()
    yield running
    running.kill()


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_to_whom_is_called_nothing_is_larger_than_where_to_go(hall: Running, screen: Screen, language: str) -> None:
    order = {"service": "etat-civil", "language": language}
    visit = hall.post(hall.token("kiosk", "kiosk-1"), "/tickets", order).json()["visit"]
    page = screen(f"/t/{visit}", 320, 640)
    assert page.locator(".ticket").evaluate(SIZE_OF) > page.locator(".state").evaluate(SIZE_OF)
    clerk = hall.token("clerk", "salma")
    for action in ("open", "call-next"):
        assert hall.post(clerk, f"/counters/1/{action}").status_code == 200
    page.reload()
    called = page.locator(".state--called").evaluate(SIZE_OF)
    assert called > max(page.locator("h1 *, h2, p:not(.state), li, a").evaluate_all(f"(all) => all.map({SIZE_OF})"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
