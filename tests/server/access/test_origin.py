"""A page of another site can't press our buttons."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from server.app import Server
from server.web.identity import SESSION_COOKIE

OURS = "http://localhost"


@pytest.fixture
def browser(server: Server) -> FlaskClient:
    """A browser that holds a cookie of ours."""
    client: FlaskClient = server.app.test_client()
    client.set_cookie(SESSION_COOKIE, "whatever it is")
    return client


@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        ({"Origin": OURS}, True),
        ({"Origin": OURS, "Sec-Fetch-Site": "same-origin"}, True),
        ({"Referer": f"{OURS}/sign-in"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Authorization": "Bearer x"}, True),
        ({}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://localhost:81"}, False),
        ({"Origin": "http://localhost.evil.example"}, False),
        ({"Referer": "https://evil.example/localhost"}, False),
        ({"Origin": OURS, "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": OURS, "Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "https://evil.example", "Authorization": "Bearer x"}, False),
    ],
)
def test_a_post_with_cookies_must_come_from_our_own_pages(browser: FlaskClient, headers: dict[str, str], accepted: bool) -> None:
    assert (browser.post("/sign-out", headers=headers).status_code != 403) == accepted


def test_a_program_without_cookies_needs_no_origin(server: Server) -> None:
    assert server.app.test_client().post("/sign-in", data={"login": "x", "password": "y"}).status_code == 401


def test_cookies_never_go_along_from_another_site_and_no_script_reads_them(server: Server) -> None:
    answer = server.app.test_client().post("/sign-out", headers={"Origin": OURS})
    cookie = answer.headers["Set-Cookie"]
    assert "SameSite=Strict" in cookie
    assert "HttpOnly" in cookie
