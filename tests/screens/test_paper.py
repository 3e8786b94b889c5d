"""Paper as people see it: what a ticket says, a printer's fault at the kiosk and at the manager's, a ticket printed again."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, expect

from tests.printers.fakes import TcpPrinter
from tests.running import Running

PRINTER = """
[[printers]]
name = "{name}"
transport = "network"
host = "127.0.0.1"
port = {port}
confirm = "process-id"
timeout = 2
"""
KIOSK = """
[[kiosks]]
name = "kiosk-1"
printer = "hall-1"
"""
NOTICED_MS = 12_000
Screen = Callable[..., Page]


@pytest.fixture
def printer() -> Iterator[TcpPrinter]:
    with TcpPrinter() as made:
        yield made


@pytest.fixture
def second() -> Iterator[TcpPrinter]:
    with TcpPrinter() as made:
        yield made


def set_up(running: Running, *printers: TcpPrinter) -> None:
    """Started, with these printers as hall-1, hall-2 …, the first of them the kiosk's."""
    text = (running.folder / "unit.toml").read_text()
    tables = [PRINTER.format(name=f"hall-{number}", port=one.port) for number, one in enumerate(printers, 1)]
    second = 'second_printer = "hall-2"\n' if len(printers) > 1 else ""
    (running.folder / "unit.toml").write_text(text[: text.index("# [[printers]]")] + "".join(tables) + KIOSK + second)
    running.start()


@pytest.fixture
def hall(running: Running, printer: TcpPrinter) -> Iterator[Running]:
    set_up(running, printer)
    yield running
    running.kill()


@pytest.fixture
def open_page(new_page: Screen, running: Running) -> Screen:
    def opened(path: str, width: int = 1366, height: int = 900, **options: Any) -> Page:
        page = new_page(width, height, locale="fr-MA", **options)
        page.goto(running.url + path)
        return page

    return opened


def manager_page(hall: Running, open_page: Screen, path: str, language: str = "fr", **options: Any) -> Page:
    hall.person("brahim", "manager")
    page = open_page(f"/sign-in?next={path}&lang={language}", **options)
    page.locator("[name=login]").fill("brahim")
    page.locator("[name=password]").fill("a good password")
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"**{path}")
    return page


def kiosk_page(hall: Running, open_page: Screen) -> Page:
    return open_page(f"/kiosk/?token={hall.token('kiosk', 'kiosk-1')}", width=1080, height=1920)


def take_ticket(kiosk: Page, language: str) -> str:
    kiosk.locator(f"button[lang={language}]").click()
    kiosk.locator(".service").first.click()
    kiosk.locator("[data-take]").click()
    number = kiosk.locator("[data-ticket]")
    expect(number).to_be_visible()
    return number.inner_text()


def a_logo(ink: str = "black", size: tuple[int, int] = (120, 120)) -> FilePayload:
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).ellipse((10, 10, size[0] - 10, size[1] - 10), fill=ink)
    out = io.BytesIO()
    image.save(out, format="PNG")
    return {"name": "logo.png", "mimeType": "image/png", "buffer": out.getvalue()}


def a_file(data: bytes) -> FilePayload:
    return {"name": "logo.png", "mimeType": "image/png", "buffer": data}


class Picture:
    """The ticket on the manager's page, as it is drawn."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.locator("#picture[src^=blob]")).to_be_visible()

    def height(self) -> int:
        return int(self._image("naturalHeight"))

    def width(self) -> int:
        return int(self._image("naturalWidth"))

    def _image(self, measure: str) -> Any:
        return self.page.evaluate(f"(async (image) => (await image.decode(), image.{measure}))(document.getElementById('picture'))")

    def redrawn(self, change: Callable[[], object]) -> int:
        """Its height after a change, once the picture of the changed form is there."""
        before = self.page.locator("#picture").get_attribute("src")
        change()
        expect(self.page.locator("#picture")).not_to_have_attribute("src", before or "")
        return self.height()

    def becomes_lower_than(self, height: int) -> None:
        """Waits; fails if it does not."""
        self.page.wait_for_function(
            "(height) => ((image) => image.naturalHeight && image.naturalHeight < height)(document.getElementById('picture'))",
            arg=height,
        )


@pytest.fixture
def slip_page(hall: Running, open_page: Screen) -> Page:
    return manager_page(hall, open_page, "/manager/tickets")


def test_a_ticket_is_chosen_with_its_picture_in_sight_and_stays_so(slip_page: Page) -> None:
    picture = Picture(slip_page)
    whole = picture.height()
    assert picture.width() == 576
    without_documents = picture.redrawn(slip_page.get_by_label("Documents à apporter").uncheck)
    assert without_documents < whole
    with_footer = picture.redrawn(lambda: slip_page.locator("#footer-fr").fill("Merci de votre visite"))
    assert with_footer > without_documents
    with_logo = picture.redrawn(lambda: slip_page.locator("[name=logo]").set_input_files(a_logo()))
    assert with_logo > with_footer
    expect(slip_page.locator("#unsaved")).to_have_text("Pas encore enregistré")

    slip_page.get_by_role("button", name="Enregistrer").click()
    expect(slip_page.locator("#saved")).to_be_visible()
    slip_page.reload()
    expect(slip_page.locator("#saved")).to_have_count(0)
    assert Picture(slip_page).height() == with_logo
    expect(slip_page.get_by_label("Documents à apporter")).not_to_be_checked()
    expect(slip_page.locator("#footer-fr")).to_have_value("Merci de votre visite")
    assert picture.redrawn(slip_page.get_by_label("Retirer le logo").check) == with_footer


def test_the_picture_is_of_the_language_the_paper_and_the_service_asked_for(slip_page: Page) -> None:
    picture = Picture(slip_page)
    picture.redrawn(slip_page.get_by_label("58 mm").check)
    assert picture.width() == 384
    french = picture.height()
    picture.redrawn(slip_page.locator("[name=language][value=zgh]").check)
    two_documents = picture.redrawn(lambda: slip_page.locator("[name=service]").select_option("legalisation"))
    assert two_documents != french


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
@pytest.mark.parametrize(
    "file",
    [a_file(b"not a picture"), a_file(b""), a_logo("#f4f4f4"), a_file(a_logo()["buffer"][:60]), a_file(bytes(49 * 1024))],
    ids=["not a picture", "empty", "too pale", "cut off", "49 KB"],
)
def test_a_bad_logo_gets_a_sentence_and_the_rest_goes_on(
    hall: Running, open_page: Screen, file: FilePayload, language: str
) -> None:
    page = manager_page(hall, open_page, "/manager/tickets", language)
    picture = Picture(page)
    whole = picture.height()
    page.locator("[name=logo]").set_input_files(file)
    expect(page.locator("#fault-logo [data-sentence]")).not_to_be_empty()
    page.locator("[name=parts][value=help_line]").uncheck()
    picture.becomes_lower_than(whole)
    expect(page.locator("#fault-logo")).to_be_visible()


@pytest.mark.parametrize(
    "file",
    [a_file(b"not a picture"), a_file(bytes(60 * 1024)), a_file(bytes(100 * 1024)), a_file(bytes(5_000_000))],
    ids=["not a picture", "60 KB", "100 KB", "5 MB"],
)
def test_a_bad_logo_is_refused_with_a_sentence_without_a_script_too(hall: Running, open_page: Screen, file: FilePayload) -> None:
    page = manager_page(hall, open_page, "/manager/tickets", java_script_enabled=False)
    page.locator("[name=logo]").set_input_files(file)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#fault-logo")).to_contain_text("fichier")
    expect(page.get_by_text("Rien n’a encore été enregistré")).to_be_visible()


def test_a_text_that_is_too_long_is_refused_beside_its_field(slip_page: Page) -> None:
    slip_page.evaluate("document.getElementById('footer-ar').removeAttribute('maxlength')")
    slip_page.locator("#footer-ar").fill("س" * 301)
    expect(slip_page.locator("#fault-footer-ar")).to_contain_text("301")
    slip_page.get_by_role("button", name="Enregistrer").click()
    expect(slip_page.locator("#fault-footer-ar")).to_contain_text("301")
    expect(slip_page.locator("#footer-ar")).to_have_value("س" * 301)


def test_only_a_manager_chooses_what_a_ticket_says(hall: Running, open_page: Screen) -> None:
    stranger = open_page("/manager/tickets")
    expect(stranger).to_have_url(f"{hall.url}/sign-in?next=/manager/tickets")
    for address in ("/manager/tickets", "/manager/tickets/preview"):
        assert stranger.request.post(hall.url + address, form={"parts": "logo"}).status == 401
    picture = stranger.request.get(f"{hall.url}/manager/tickets/preview.png")
    assert "/sign-in" in picture.url, "nobody sees the sign-in page instead"


def test_a_picture_of_what_is_not_there_is_not_found(slip_page: Page, hall: Running) -> None:
    for query in ("language=xx", "width=1", "width=x", "service=none"):
        assert slip_page.request.get(f"{hall.url}/manager/tickets/preview.png?{query}").status == 404
    kept = slip_page.request.get(f"{hall.url}/manager/tickets/preview.png?language=zgh&width=384&service=residence")
    assert Image.open(io.BytesIO(kept.body())).width == 384


@pytest.mark.parametrize("language", ["ar", "zgh", "fr"])
def test_a_fault_that_comes_while_a_number_is_read_changes_what_is_said(
    hall: Running, printer: TcpPrinter, open_page: Screen, language: str
) -> None:
    kiosk = kiosk_page(hall, open_page)
    number = take_ticket(kiosk, language)
    says = kiosk.locator("[data-paper]")
    expect(says).to_have_attribute("data-paper", "is_printed")
    assert middle(kiosk, ".slip__service") < middle(kiosk, "[data-paper]"), "that paper comes is told last"
    printer.fault("paper-out")
    expect(says).to_have_attribute("data-paper", "paper_stopped", timeout=NOTICED_MS)
    expect(says).to_contain_text(number)
    assert middle(kiosk, "[data-ticket]") < middle(kiosk, "[data-paper]") < middle(kiosk, ".slip__service")


def middle(page: Page, what: str) -> float:
    """How far down it stands."""
    box = page.locator(what).bounding_box()
    assert box is not None
    return box["y"] + box["height"] / 2


def test_paper_that_comes_back_is_told_too(hall: Running, printer: TcpPrinter, open_page: Screen) -> None:
    manager = manager_page(hall, open_page, "/manager/")
    line = manager.locator("[data-printer=hall-1]")
    expect(line).to_contain_text("Prête", timeout=NOTICED_MS)
    printer.fault("paper-out")
    expect(line).to_contain_text("Plus de papier", timeout=NOTICED_MS)
    expect(line.locator("[data-do]")).to_contain_text("rouleau neuf")
    expect(manager.locator(".banner--bad")).to_contain_text("L’imprimante hall-1 n’a plus de papier.")

    kiosk = kiosk_page(hall, open_page)
    number = take_ticket(kiosk, "fr")
    says = kiosk.locator("[data-paper]")
    expect(says).to_have_attribute("data-paper", "no_paper")
    expect(says).to_contain_text(f"Votre numéro {number} est valable")
    printer.fault("paper-out", False)
    expect(says).to_have_attribute("data-paper", "paper_again", timeout=NOTICED_MS)
    expect(manager.locator(".banner--bad")).to_have_count(0, timeout=NOTICED_MS)


def test_the_other_printer_is_named_when_it_may_take_over(
    running: Running, printer: TcpPrinter, second: TcpPrinter, open_page: Screen
) -> None:
    set_up(running, printer, second)
    manager = manager_page(running, open_page, "/manager/")
    printer.fault("cover-open")
    expect(manager.locator("[data-printer=hall-1]")).to_contain_text("Capot ouvert", timeout=NOTICED_MS)
    expect(manager.locator("[data-printer=hall-2]")).to_contain_text("Prête", timeout=NOTICED_MS)
    kiosk = kiosk_page(running, open_page)
    take_ticket(kiosk, "fr")
    expect(kiosk.locator("[data-paper]")).to_have_attribute("data-paper", "other_printer")
    assert second.wait(lambda: len(second.tickets) == 1)


def test_a_ticket_that_may_not_be_on_paper_is_printed_again(hall: Running, printer: TcpPrinter, open_page: Screen) -> None:
    manager = manager_page(hall, open_page, "/manager/")
    expect(manager.locator("[data-printer=hall-1]")).to_contain_text("Prête", timeout=NOTICED_MS)
    printer.on_bytes = lambda count: printer.printer.fault("paper-out") and None if count > 500 else None
    kiosk = kiosk_page(hall, open_page)
    number = take_ticket(kiosk, "ar")
    unprinted = manager.locator("[data-unprinted] li")
    expect(unprinted).to_have_count(1, timeout=NOTICED_MS)
    expect(unprinted).to_contain_text(number)
    printer.on_bytes = lambda _: None
    printer.fault("paper-out", False)
    on_paper = len(printer.tickets)
    unprinted.get_by_role("button").click()
    assert printer.wait(lambda: len(printer.tickets) > on_paper)
    expect(unprinted).to_have_count(0)
