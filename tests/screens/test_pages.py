"""What every page is made of, where a mistake would be dangerous: JSON inside a page, and where a sign-in may lead."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from server.web.pages import local_path, to_json
from tests.programs import Program


def test_json_in_a_page_cannot_end_its_element_and_reads_the_same() -> None:
    data = {"name": "</script><!-- & \u2028 العربية ⵜⴰⵎⴰⵣⵉⵖⵜ"}
    written = to_json(data)
    assert not set("<>&\u2028") & set(written)
    assert "العربية" in written
    assert json.loads(written) == data


@pytest.mark.parametrize("target", ["/counter/3", "/manager/?lang=fr", "/counter/?a=//b"])
def test_a_path_of_this_server_may_be_gone_to(target: str) -> None:
    assert local_path(target, "/") == target


@pytest.mark.parametrize(
    "target", [None, "", "counter", "//evil.example", "/\\evil.example", "https://evil.example/", "/\tx", "javascript:alert(1)"]
)
def test_no_way_leads_to_another_site(target: str | None) -> None:
    assert local_path(target, "/counter/") == "/counter/"


@pytest.fixture
def printer(folder: Path) -> str:
    """The name of a virtual printer of the unit."""
    text = (
        (folder / "unit.toml")
        .read_text()
        .replace("[[kiosks]]", '[[printers]]\nname = "hall-1"\ntransport = "virtual"\n\n[[kiosks]]')
    )
    (folder / "unit.toml").write_text(text)
    return "hall-1"


@pytest.mark.usefixtures("printer")
@pytest.mark.parametrize(
    ("page", "tab"),
    [
        ("/manager/", "/manager/"),
        ("/manager/printers/hall-1", "/manager/"),
        ("/manager/people", "/manager/people"),
        ("/manager/setup/changes", "/manager/setup"),
    ],
)
def test_a_page_marks_the_tab_that_leads_to_it_and_no_other(callers: dict[str, Program], page: str, tab: str) -> None:
    told = callers["manager"].get(page)
    assert told.status_code == 200
    assert re.findall(r'class="menu__link" href="(\S+)" aria-current="page"', told.text) == [tab]


def test_the_tickets_of_a_printer_lead_back_to_the_hall(printer: str, callers: dict[str, Program]) -> None:
    main = callers["manager"].get(f"/manager/printers/{printer}").text.partition("<main")[2]
    assert '<a href="/manager/">' in main
