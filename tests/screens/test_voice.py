"""The display's voice in a real browser: what is said, in which order, and never two things at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from server.voice.clips import ADDRESS, PACKAGED, manifest
from tests.running import Running

LISTEN = """
window.voiced = [];
document.addEventListener("voice", ({ detail }) => {
  voiced.push(detail);
  document.documentElement.dataset.said = "*".repeat(voiced.length);
});
"""
SECOND = 1000
QUICK = """
{
  const FASTER = 8;
  const PATIENCE = [500, 3000, 9000]; // with a device, with clips and with a server: a busy machine needs it whole
  const [once, every, now] = [window.setTimeout, window.setInterval, performance.now.bind(performance)];
  const shorter = (ms = 0) => (PATIENCE.includes(ms) ? ms : ms / FASTER);
  window.setTimeout = (act, ms, ...rest) => once(act, shorter(ms), ...rest);
  window.setInterval = (act, ms, ...rest) => every(act, shorter(ms), ...rest);
  performance.now = () => now() * FASTER;
  const clock = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, "currentTime").get;
  Object.defineProperty(BaseAudioContext.prototype, "currentTime", { get() { return clock.call(this) * FASTER; } });
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (at) {
    this.playbackRate.value = FASTER;
    start.call(this, at / FASTER);
  };
}
"""
"""All clocks of the page, that of its sound too, go eight times as fast: nobody waits for ten calls to be said."""


def patient(route: Route) -> None:
    """The page's patience with a silent server is as long as before, by the clock on the wall."""
    answer = route.fetch()
    text = re.sub(r"(const (?:SILENCE|FIRST_ANSWER|RETRY) = \d+)", r"\1 * 8", answer.text())
    route.fulfill(response=answer, body=text)


class Hall:
    """A running unit with tokens, and a display that writes down what it says."""

    def __init__(self, running: Running, open_display: Callable[[str, str], Page]) -> None:
        self.running = running
        self.kiosk, self.clerk = running.token("kiosk", "kiosk-1"), running.token("clerk", "clerk-1")
        self.open = open_display
        self._address = f"/display/?token={running.token('display', 'display-1')}"

    def display(self, script: str = "") -> Page:
        page = self.open(self._address, QUICK + LISTEN + script)
        expect(page.locator(".queues")).to_be_visible()
        return page

    def take(self, language: str = "fr") -> None:
        body = {"service": "etat-civil", "language": language}
        assert self.running.post(self.kiosk, "/tickets", body).status_code == 201

    def counter(self, counter: int, action: str) -> None:
        assert self.running.post(self.clerk, f"/counters/{counter}/{action}").status_code == 200, action

    def call(self, counter: int) -> None:
        """A counter opens and calls."""
        self.counter(counter, "open")
        self.counter(counter, "call-next")


@pytest.fixture
def hall(new_page: Callable[..., Page], running: Running) -> Hall:
    running.start()

    def open_display(address: str, script: str) -> Page:
        page = new_page(1280, 720)
        page.add_init_script(script)
        if QUICK in script:
            page.route("**/js/live.js", patient)
        page.goto(running.url + address)
        return page

    return Hall(running, open_display)


def said(page: Page, count: int, timeout_s: float = 60) -> list[dict[str, Any]]:
    """What was said, once so many calls were."""
    expect(page.locator("html")).to_have_attribute("data-said", re.compile(rf"\*{{{count},}}"), timeout=timeout_s * SECOND)
    found: list[dict[str, Any]] = json.loads(page.evaluate("JSON.stringify(window.voiced)"))
    return found


SHOWN = """() => {
  window.shown = [];
  new MutationObserver(() => {
    const text = document.querySelector("[data-ticket]")?.textContent;
    if (text && shown.at(-1) !== text) shown.push(text);
  }).observe(document.getElementById("app"), { subtree: true, childList: true, characterData: true });
}"""


def test_ten_calls_in_a_second_are_shown_and_said_one_after_another_and_a_recall_goes_first(hall: Hall) -> None:
    for _ in range(10):
        hall.take()
    display = hall.display()
    display.evaluate(SHOWN)
    for counter in (1, 2, 3, 4):
        hall.counter(counter, "open")
        hall.counter(counter, "call-next")
    for counter in (1, 2, 3, 4, 1, 2):
        hall.counter(counter, "no-show")
        hall.counter(counter, "call-next")
    hall.counter(2, "recall")
    begun = display.evaluate("shown.length")
    heard = said(display, 10, 110)
    tickets = [one["ticket"] for one in heard]
    assert 1 <= tickets.index("A010") <= min(begun, 8), "before all that had not begun"
    assert [one for one in tickets if one != "A010"] == [f"A{number:03d}" for number in range(1, 10)]
    assert display.evaluate("shown") == tickets, "what is heard is what is shown"
    assert all(earlier["end"] <= later["begin"] for earlier, later in pairwise(heard)), "two calls were said at once"
    assert heard[0]["languages"] == ["fr", "ar"]
    assert heard[1]["languages"] == [], "so long a queue is cut down to chimes"
    assert heard[-2]["languages"] == ["fr", "ar"]


def test_nothing_is_said_twice_after_the_server_was_gone(hall: Hall) -> None:
    hall.take()
    hall.take()
    display = hall.display()
    hall.call(1)
    said(display, 1)
    hall.running.kill()
    expect(display.locator(".curtain")).to_be_visible(timeout=15 * SECOND)
    hall.running.start()
    expect(display.locator(".queues")).to_be_visible(timeout=15 * SECOND)
    hall.call(2)
    assert [one["ticket"] for one in said(display, 2)] == ["A001", "A002"]


BROKEN = (
    "window.AudioContext = class { state = 'suspended'; resume() { return new Promise(() => {}); } };",  # autoplay is refused
    "window.AudioContext = class { constructor() { throw new Error('no audio device'); } };",
    "window.fetch = () => Promise.reject(new TypeError('no network'));",
)


OPENED = """
const Sound = window.AudioContext;
window.AudioContext = class extends Sound {
  constructor() {
    super();
    document.documentElement.dataset.opened = document.querySelector("[data-ticket]")?.textContent ?? "nobody is called";
  }
};
"""


def test_the_sound_is_opened_while_nobody_is_called_since_it_holds_the_page(hall: Hall) -> None:
    display = hall.display(OPENED)
    expect(display.locator("html")).to_have_attribute("data-opened", "nobody is called")


def test_displays_that_can_not_be_heard_go_on_showing(hall: Hall) -> None:
    displays = [hall.display(broken) for broken in BROKEN]
    for number in (1, 2):
        hall.take()
        hall.call(number)
        for display in displays:
            expect(display.locator("[data-ticket]")).to_have_text(f"A00{number}", timeout=12 * SECOND)


def test_a_manager_records_a_clip_and_has_the_displays_try_the_voice(hall: Hall, tmp_path: Path) -> None:
    hall.running.person("brahim", "manager")
    display = hall.display()
    manager = hall.open("/sign-in?next=/manager/voice&lang=fr", "")
    manager.fill("[name=login]", "brahim")
    manager.fill("[name=password]", "a good password")
    manager.click("main button[type=submit]")
    manager.locator("[data-listen]").nth(1).click()
    manager.click("a[href='/manager/voice/clip/fr/counter']")
    (tmp_path / "not-a-sound.txt").write_text("nothing")
    manager.set_input_files("[name=recording]", tmp_path / "not-a-sound.txt")
    manager.click("text=Conserver cet enregistrement")
    expect(manager.locator("#fault-recording")).to_contain_text("On n’entend rien")
    manager.set_input_files("[name=recording]", PACKAGED / "fr" / "ticket.ogg")
    manager.click("text=Conserver cet enregistrement")
    expect(manager.locator(".recording .tag")).to_have_text("Enregistré ici")
    manager.click("text=Tous les enregistrements")
    manager.click("text=Diffuser sur les écrans")
    (heard,) = said(display, 1)
    assert (heard["ticket"], heard["languages"]) == ("test", ["ar", "fr"])
    expect(display.locator("[data-ticket]")).to_have_count(0)


def test_chromium_plays_every_packaged_clip_as_long_as_the_manifest_says(hall: Hall) -> None:
    """A second decoder, and the one that matters."""
    display = hall.display()
    lengths: dict[str, float] = display.evaluate(
        """async ([address, names]) => {
          const context = new OfflineAudioContext(1, 24000, 24000);
          const found = {};
          const queue = [...names];
          const one = async () => {
            for (let name = queue.pop(); name; name = queue.pop()) {
              const response = await fetch(`${address}/${name}`);
              found[name] = (await context.decodeAudioData(await response.arrayBuffer())).duration;
            }
          };
          await Promise.all([one(), one(), one(), one(), one(), one()]);
          return found;
        }""",
        [ADDRESS, list(manifest())],
    )
    wrong = {name: lengths[name] for name, entry in manifest().items() if abs(lengths[name] - entry["seconds"]) > 0.05}
    assert wrong == {}
