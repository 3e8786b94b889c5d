"""What displays show beside the last call: at its time, on its display, and gone at once when somebody is called."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from server import setup
from server.media.results import KEPT
from server.setup.media import SWITCH
from server.store import open_store, transaction
from tests.running import Running
from tests.server.media.films import film, photograph

Display = Callable[..., Page]
NARROW = "\N{NARROW NO-BREAK SPACE}"
WHOLE = """() => {
  const [now, media] = [".now", ".media"].map((one) => document.querySelector(one).getBoundingClientRect());
  const apart = media.right <= now.left + 1 || media.left >= now.right - 1 || media.top >= now.bottom - 1;
  return apart && media.width > 300 && media.height > 300 && document.documentElement.scrollHeight <= innerHeight;
}"""


OUTSIDE = """() => {
  const within = (inner, outer, rim) => inner.left >= outer.left + rim - 1 && inner.right <= outer.right - rim + 1
    && inner.top >= outer.top + rim - 1 && inner.bottom <= outer.bottom - rim + 1;
  const box = (one) => one.getBoundingClientRect();
  const media = document.querySelector(".media"), cards = [...media.querySelectorAll("li")];
  const rim = box(media).height * 0.02;
  const words = (card) => [...card.querySelectorAll("span")].map((one) => {
    const text = document.createRange();
    text.selectNodeContents(one);
    return [one.textContent, within(box(text), box(card), 0) && within(box(one), box(card), 0)];
  });
  const parts = [media.querySelector("h2"), ...cards].map((one) => [one.textContent.trim(), within(box(one), box(media), rim)]);
  return [...parts, ...cards.flatMap(words)].filter(([, whole]) => !whole).map(([text]) => text);
}"""
"""What of last month's results is not whole: a card or the heading within the panel, with a margin, and words within their card."""


@pytest.fixture
def hall(running: Running) -> Running:
    running.start()
    return running


@pytest.fixture
def display(new_page: Callable[..., Page], hall: Running) -> Display:
    """Opens a display by its name."""

    def opened(name: str = "display-1", width: int = 1920, height: int = 1080, **options: object) -> Page:
        page = new_page(width, height, **options)
        page.clock.install()
        page.goto(f"{hall.url}/display/?token={hall.token('display', name)}")
        page.clock.run_for(1000)
        expect(page.locator(".queues")).to_be_visible()
        return page

    return opened


def upload(hall: Running, content: bytes, name: str) -> None:
    manager = {"Authorization": f"Bearer {hall.token('manager', 'm')}"}
    answer = requests.post(f"{hall.url}/manager/media", files={"file": (name, content)}, headers=manager, timeout=60)
    assert answer.ok, answer.text


def write(folder: Path, text: str, **where: object) -> None:
    """Put a text into the database as the page would."""
    values = {"displays": "[]", "begins": None, "ends": None, "since": None, "until": None, "seconds": 5, **where}
    with closing(open_store(folder / "unit.db")) as db, transaction(db):
        db.conn.execute(
            "INSERT INTO media(position, kind, name, text, displays, begins, ends, since, until, seconds)"
            " VALUES ((SELECT COUNT(*) FROM media) + 1, 'text', 'x', :text, :displays, :begins, :ends, :since, :until, :seconds)",
            {"text": json.dumps({"fr": text}), **values},
        )


def test_a_picture_a_film_and_a_text_follow_each_other_beside_the_call_upright_and_wide(hall: Running, display: Display) -> None:
    upload(hall, photograph(), "affiche.jpg")
    upload(hall, film(), "film.mp4")
    write(hall.folder, "Bienvenue <b>à</b> tous")
    for width, height in ((1920, 1080), (1080, 1920)):
        page = display(width=width, height=height)
        picture = page.locator("img.media__picture")
        expect(picture).to_be_visible()
        assert page.wait_for_function("document.querySelector('img.media__picture')?.naturalWidth > 0")
        assert page.evaluate(WHOLE)
        page.clock.run_for(12_500)
        moving = page.locator("video.media__picture")
        expect(moving).to_be_visible()
        assert moving.evaluate("film => film.muted && film.loop && film.autoplay")
        page.clock.run_for(3_500)
        expect(page.locator(".media__text")).to_have_text("Bienvenue <b>à</b> tous")
        assert page.evaluate(WHOLE)
        page.clock.run_for(5_500)
        expect(picture).to_be_visible()


def test_a_call_takes_the_media_away_at_once_and_they_come_back(hall: Running, display: Display) -> None:
    write(hall.folder, "Bienvenue")
    page = display()
    expect(page.locator(".media")).to_be_visible()
    clerk = hall.token("clerk", "c")
    hall.post(hall.token("kiosk", "kiosk-1"), "/tickets", {"service": "etat-civil", "language": "fr"})
    hall.post(clerk, "/counters/1/open")
    hall.post(clerk, "/counters/1/call-next")
    expect(page.locator("[data-ticket]")).to_have_text("A001")
    expect(page.locator(".media")).to_have_count(0)
    for _ in range(120):  # until nothing is said or flashes any more
        page.clock.run_for(500)
        if page.locator(".media").count():
            break
    expect(page.locator(".media")).to_be_visible()
    expect(page.locator("[data-ticket]")).to_have_text("A001")


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (1080, 1920)])
@pytest.mark.parametrize("calls", [0, 4])
def test_all_three_cards_of_last_months_results_are_whole_in_every_languages_turn(
    hall: Running, display: Display, width: int, height: int, calls: int
) -> None:
    with closing(open_store(hall.folder / "unit.db")) as db, transaction(db):
        month = db.conn.execute("SELECT strftime('%Y-%m-01', 'now', 'start of month', '-1 day')").fetchone()[0]
        setup.choose(db.conn, SWITCH, True)
        kept = {"counted_on": "2099-01-01", "month": month, "served": 12_345, "wait_s": 1380, "share": 0.87}
        setup.choose(db.conn, KEPT, kept)
    clerk, kiosk = hall.token("clerk", "c"), hall.token("kiosk", "kiosk-1")
    for counter in range(1, calls + 1):
        hall.post(kiosk, "/tickets", {"service": "etat-civil", "language": "fr"})
        hall.post(clerk, f"/counters/{counter}/open")
        hall.post(clerk, f"/counters/{counter}/call-next")
    page = display(width=width, height=height)
    expect(page.locator(".last__call")).to_have_count(max(0, calls - 1))
    expect(page.locator(".media__results")).to_be_visible()
    assert page.locator(".media li .number").all_inner_texts() == [f"12{NARROW}345", "23", f"87{NARROW}%"]
    for turn in ("ar", "zgh", "fr"):
        expect(page.locator(f".queue__text[lang={turn}]").first).to_be_visible()
        assert page.evaluate(OUTSIDE) == []
        page.clock.run_for(8000)
        page.evaluate("dispatchEvent(new Event('offline'))")  # connected anew: the server's clock made no such leap


def test_each_display_shows_its_own_at_its_days_and_hours(hall: Running, display: Display) -> None:
    write(hall.folder, "Ici", displays='["display-2"]')
    write(hall.folder, "Hier", ends="2020-01-01")
    write(hall.folder, "Demain", begins="2099-01-01")
    write(hall.folder, "Nuit", since="23:59", until="23:59")
    expect(display("display-2").locator(".media__text")).to_have_text("Ici")
    expect(display("display-1").locator(".media")).to_have_count(0)


def test_a_file_that_is_gone_is_passed_over_and_less_motion_is_kept(hall: Running, display: Display) -> None:
    upload(hall, photograph(), "affiche.jpg")
    upload(hall, film(), "film.webm")
    next((hall.folder / "media").glob("*.webp")).unlink()
    page = display(reduced_motion="reduce")
    moving = page.locator("video.media__picture")
    for _ in range(20):
        page.clock.run_for(250)
        if moving.count():
            break
    expect(moving).to_be_visible()
    assert moving.evaluate("film => film.paused && !film.autoplay")


def test_a_file_that_could_not_be_shown_is_tried_again_after_a_minute(hall: Running, display: Display) -> None:
    upload(hall, photograph(), "affiche.jpg")
    file = next((hall.folder / "media").glob("*.webp"))
    away = file.rename(file.with_suffix(".away"))
    page = display()
    for _ in range(40):
        page.clock.run_for(250)
        if not page.locator(".media").count():
            break
    expect(page.locator(".media")).to_have_count(0)
    away.rename(file)
    page.clock.run_for(30_000)
    expect(page.locator(".media")).to_have_count(0)
    page.clock.run_for(35_000)
    expect(page.locator("img.media__picture")).to_be_visible()
    page.wait_for_function("document.querySelector('img.media__picture')?.naturalWidth > 0")


def test_a_manager_adds_a_text_times_it_and_sees_what_is_wrong_beside_it(browser: Browser, hall: Running) -> None:
    hall.token("display", "display-1")
    hall.person("brahim", "manager")
    page = browser.new_context(locale="fr-MA").new_page()
    page.goto(f"{hall.url}/sign-in?next=/manager/media&lang=fr")
    page.locator("[name=login]").fill("brahim")
    page.locator("[name=password]").fill("a good password")
    page.locator("main button[type=submit]").click()
    page.locator("form[action$='/text'] [name=text-fr]").fill("Pensez à vos photos")
    page.locator("form[action$='/text'] button").click()
    line = page.locator(".media__item")
    expect(line).to_contain_text("Pensez à vos photos")
    line.locator("[name=begins]").fill("2026-12-31")
    line.locator("[name=ends]").fill("2026-12-01")
    line.locator("[value=save]").click()
    expect(line.locator(".fault")).to_contain_text("le début avant la fin")
    expect(line.locator("[name=begins]")).to_have_value("2026-12-31")
    line.locator("[name=ends]").fill("2027-01-31")
    line.locator("[name=display]").check()
    line.locator("[value=save]").click()
    expect(page.locator("[role=status]")).to_be_visible()
    page.locator("form[action='/manager/media'] [name=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": io.BytesIO(b"no picture").getvalue()}
    )
    page.locator("form[action='/manager/media'] button").click()
    expect(page.locator("#fault-upload")).to_contain_text("ni une image ni une vidéo")
    page.locator(".media__item [value=remove]").click()
    expect(page.locator(".media__item")).to_have_count(0)
    page.context.close()
