"""Every page in a real browser: nothing breaks the Content-Security-Policy, which lets no inline script or style in."""

from __future__ import annotations

from playwright.sync_api import BrowserContext

from server.app import CONTENT_POLICY
from tests.running import Running

STAFF_PAGES = (
    "/manager/", "/manager/today", "/manager/hours", "/manager/setup", "/manager/setup/services", "/manager/setup/changes",
    "/manager/setup/file", "/manager/reports", "/manager/tickets", "/manager/people", "/manager/devices", "/manager/voice",
    "/manager/displays", "/manager/portal", "/manager/doctor", "/counter/", "/counter/1",
)  # fmt: skip


def test_the_policy_lets_nothing_inline_in() -> None:
    assert "unsafe" not in CONTENT_POLICY
    assert "default-src 'self'" in CONTENT_POLICY


def test_no_page_breaks_it(running: Running, context: BrowserContext) -> None:
    running.person("tiziri", "administrator")
    running.start()
    kiosk, display = running.token("kiosk", "kiosk-1"), running.token("display", "display-1")
    tablet = running.token("tablet", "tablet-1")
    visit = running.post(kiosk, "/tickets", {"service": "etat-civil", "language": "ar"}).json()["visit"]
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}") if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    for path in (
        "/",
        f"/t/{visit}",
        "/sign-in",
        "/pairing/counter",
        f"/kiosk/?token={kiosk}",
        f"/display/?token={display}",
        f"/counter/3/rating?token={tablet}",
    ):
        page.goto(running.url + path)
    page.goto(f"{running.url}/sign-in?next=/manager/")
    page.fill("[name=login]", "tiziri")
    page.fill("[name=password]", "a good password")
    page.click("main button[type=submit]")
    for path in STAFF_PAGES:
        answer = page.goto(running.url + path)
        assert answer is not None
        assert answer.headers["content-security-policy"] == CONTENT_POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
    running.stop()
    assert [one for one in said if "Content Security Policy" in one or "Refused to" in one or "Error" in one] == []
