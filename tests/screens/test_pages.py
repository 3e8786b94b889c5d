"""What every page is made of, where a mistake would be dangerous: JSON inside a page, and where a sign-in may lead."""

from __future__ import annotations

import json

import pytest

from server.web.pages import local_path, to_json


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
