"""Who asks, behind a reverse proxy and without one."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest
from flask import Flask, request

from server import settings
from server.app import Server
from server.settings import BadSettings
from server.web.proxies import TrustedProxies
from tests.programs import Program

SAID = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "hall.example"}


def seen(by: str, trusted: str) -> tuple[str | None, str, str]:
    """Address, scheme and host as the application sees them, asked through `by`."""
    app = Flask(__name__)
    app.wsgi_app = TrustedProxies(app.wsgi_app, [ip_network(trusted)])  # type: ignore[method-assign]
    app.add_url_rule("/", "who", lambda: {"who": [request.remote_addr, request.scheme, request.host]})
    answer = app.test_client().get("/", headers=SAID, environ_base={"REMOTE_ADDR": by})
    address, scheme, host = answer.get_json()["who"]
    return address, scheme, host


def test_the_word_of_a_proxy_we_know_is_taken() -> None:
    assert seen("192.168.1.2", "192.168.1.0/24") == ("203.0.113.9", "https", "hall.example")


def test_a_stranger_who_says_to_be_somebody_else_is_not_believed() -> None:
    assert seen("192.168.7.2", "192.168.1.0/24") == ("192.168.7.2", "http", "localhost")


def test_a_network_that_is_none_stops_the_start(folder: Path) -> None:
    text = (folder / "unit.toml").read_text().replace("port = 8080", 'port = 8080\ntrusted_proxies = ["caddy"]')
    (folder / "unit.toml").write_text(text)
    with pytest.raises(BadSettings, match=r"trusted_proxies.*caddy"):
        settings.load(folder)


@pytest.mark.parametrize(
    ("role", "address", "headers", "status"),
    [
        ("nobody", "127.0.0.1", {}, 200),
        ("nobody", "192.168.1.30", {}, 401),
        ("nobody", "127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 401),
        ("kiosk", "192.168.1.30", {}, 403),
        ("manager", "192.168.1.30", {}, 200),
    ],
)
def test_the_figures_are_for_this_machine_and_for_managers(
    server: Server, callers: dict[str, Program], role: str, address: str, headers: dict[str, str], status: int
) -> None:
    answer = callers[role].get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status
