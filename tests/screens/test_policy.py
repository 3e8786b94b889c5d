"""Every page in a real browser: nothing breaks the Content-Security-Policy, which lets no inline script or style in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext
from werkzeug.routing import Rule

from manager.setup.words import ADD, SECTIONS
from server.app import CONTENT_POLICY, Server
from server.operations.demo import make_demo
from server.store import open_store, transaction
from tests.running import Running
from tests.screens.pictures.staff import MORE
from tests.server.feedback.conftest import PortalKey, give_keys

OF_DEVICES = {"/kiosk/": "kiosk", "/display/": "display", "/counter/<int:number>/rating": "tablet"}
"""Pages that only a device of this role opens."""
OF_EVERYBODY = ("/sign-in", "/t/", "/s/", "/pairing/")
"""How the addresses begin, beside `/`, that are opened by somebody who has not signed in, too."""
NO_PAGES = {
    "/assets/<version>/<path:name>", "/t/<visit>/qr.svg", "/t/<visit>/state", "/s/<reference>/qr.svg", "/pairing/<role>/state",
    "/kiosk/say/<lang>/<path:what>", "/display/clips/<path:name>", "/display/media/<name>",
    "/manager/reports/exports/<id>/file", "/manager/printers/<name>/tickets.json", "/manager/printers/<name>/tickets/<id>.png",
    "/api/v1/visits/<visit>", "/api/v1/submissions/<reference>", "/api/v1/counters/<counter>/visitors",
}  # fmt: skip
"""With arguments, and answered with a file or JSON."""
WAITING, SERVED = {"service": "etat-civil", "language": "ar"}, {"service": "legalisation", "language": "fr"}


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Running]:
    """The demo's six weeks of visits, and a way to the portal."""
    folder = tmp_path / "hall"
    make_demo(folder)
    text = (folder / "unit.toml").read_text().replace('adapter = "none"', 'adapter = "folder"\nevery_s = 3600')
    (folder / "unit.toml").write_text(text)
    give_keys(folder, PortalKey().public())
    running = Running(folder)
    running.unlimited()
    running.person("tiziri", "administrator")
    yield running
    running.kill()


def with_arguments(hall: Running) -> dict[str, list[str]]:
    """Rule → the addresses of it that are opened, each of something that is there."""
    kiosk, desk = hall.token("kiosk", "kiosk-9"), hall.token("manager", "desk")
    served = hall.post(kiosk, "/tickets", SERVED).json()["visit"]
    assert hall.post(desk, "/counters/2/open").status_code == 200
    assert hall.post(desk, "/counters/2/call", {"visit": served, "reason": "urgent"}).status_code == 200
    for action in ("start", "finish"):
        assert hall.post(desk, f"/counters/2/{action}").status_code == 200
    waiting = hall.post(kiosk, "/tickets", WAITING).json()["visit"]
    reference = hall.post(kiosk, "/submissions", {"type": "complaint", "text": "الانتظار طويل"}).json()["reference"]
    return {
        "/t/<visit>": [f"/t/{waiting}", f"/t/{served}"],
        "/t/<visit>/rating": [f"/t/{served}/rating"],
        "/s/<reference>": [f"/s/{reference}"],
        "/pairing/<role>": [f"/pairing/{role}" for role in ("kiosk", "display", "counter")],
        "/counter/<int:counter>": ["/counter/1", "/counter/2"],
        "/counter/<int:number>/rating": ["/counter/3/rating"],
        "/manager/people/<int:id>": ["/manager/people/1"],
        "/manager/portal/<int:delivery>": [f"/manager/portal/{a_refused_delivery(hall)}"],
        "/manager/printers/<name>": ["/manager/printers/hall-1"],
        "/manager/voice/clip/<path:name>": ["/manager/voice/clip/ar/n-4"],
        "/manager/setup/<section>": [f"/manager/setup/{one}" for one in SECTIONS],
        "/manager/setup/<section>/edit": [
            *(f"/manager/setup/{one}/edit" for one in ADD), *(path for path in MORE if "/edit?id=" in path),
        ],
    }  # fmt: skip


def a_refused_delivery(hall: Running) -> int:
    """As the portal would have refused it."""
    db = open_store(hall.folder / "unit.db")
    with transaction(db):
        (delivery,) = db.execute("SELECT MAX(id) FROM deliveries WHERE kind = 'portal'").fetchone()
        db.execute("UPDATE deliveries SET state = 'rejected', error = 'invalid' WHERE id = ?", (delivery,))
    db.close()
    return int(delivery)


def rules(server: Server) -> list[Rule]:
    """What the application answers to GET, but for the rooms' static folders."""
    return [
        rule for rule in server.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.endpoint.endswith("static")
    ]


def reports(server: Server) -> list[str]:
    """Each report over the demo's weeks; that of the estimates has a page of its own."""
    today = datetime.now(UTC).date()
    names = [found[1] for rule in rules(server) if (found := re.fullmatch(r"/api/v1/reports/([a-z-]+)", rule.rule))]
    span = f"period=dates&from={today - timedelta(weeks=4)}&to={today}"
    return [f"/manager/reports?report={name}&{span}" for name in names if name != "estimates"]


def test_the_policy_lets_nothing_inline_in() -> None:
    assert "unsafe" not in CONTENT_POLICY
    assert "default-src 'self'" in CONTENT_POLICY


def test_no_page_breaks_it(hall: Running, server: Server, context: BrowserContext) -> None:
    """All that the application's map of addresses answers to GET; what is no page is asked for its headers alone."""
    hall.start()
    places = with_arguments(hall)
    bare = [rule.rule for rule in rules(server) if not rule.arguments]
    assert {rule.rule for rule in rules(server) if rule.arguments} == {*places, *NO_PAGES}
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}") if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    opened: list[str] = []

    def visit(path: str) -> None:
        asked = context.request.get(hall.url + path)
        assert asked.headers["content-security-policy"] == CONTENT_POLICY, path
        assert asked.headers["x-content-type-options"] == "nosniff", path
        if not asked.headers.get("content-type", "").startswith("text/html"):
            return
        answer = page.goto(hall.url + path)
        assert answer is not None
        assert answer.status == 200 or path.startswith("/pairing/"), path  # 403 with a code for who is not paired
        opened.append(path)

    addresses = {rule: places.get(rule, [rule]) for rule in (*bare, *places)}
    for rule in addresses:
        if rule == "/" or rule.startswith(OF_EVERYBODY):
            for path in addresses[rule]:
                visit(path)
    for rule, role in OF_DEVICES.items():
        visit(f"{addresses[rule][0]}?token={hall.token(role, f'{role}-7')}")
    page.goto(f"{hall.url}/sign-in?next=/manager/")
    page.fill("[name=login]", "tiziri")
    page.fill("[name=password]", "a good password")
    page.click("main button[type=submit]")
    page.wait_for_url("**/manager/")
    for path in (*(path for rule in addresses if rule not in OF_DEVICES for path in addresses[rule]), *reports(server)):
        visit(path)
    hall.stop()
    assert len(opened) > 70
    assert "/manager/ratings" in opened
    assert [one for one in said if "Content Security Policy" in one or "Refused to" in one or "Error" in one] == []
