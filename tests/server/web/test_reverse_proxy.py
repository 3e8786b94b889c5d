"""The configurations of docs/reverse-proxy.md, run as they stand there before a real server, with a certificate of our own."""

from __future__ import annotations

import json
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import trustme
from requests.adapters import HTTPAdapter
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.running import Running, free_port
from tests.server.feedback.conftest import PortalKey, give_keys

PAGE = Path(__file__).parents[3] / "docs" / "reverse-proxy.md"
NGINX = "nginx" if shutil.which("nginx") else "/usr/sbin/nginx"
PROXIES = ["nginx", *(["caddy"] if shutil.which("caddy") else [])]
NAME = "hall.example"
A_VISITOR, ANOTHER = "127.0.0.8", "127.0.0.9"


@dataclass
class Front:
    """A proxy before a server; `ca` is the file of the authority that signed its certificate, `said` what the proxy logs."""

    running: Running
    port: int
    ca: Path
    said: Path

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.port}"

    def ask(self, method: str, path: str, by: str = A_VISITOR, **kwargs: object) -> requests.Response:
        """As a browser that comes from an address would."""
        with requests.Session() as session:
            session.mount("https://", _From(by))
            address = f"https://127.0.0.1:{self.port}{path}"
            headers = {"Host": f"{NAME}:{self.port}", **(kwargs.pop("headers", None) or {})}  # type: ignore[dict-item]
            return session.request(
                method, address, headers=headers, verify=str(self.ca), timeout=20, allow_redirects=False, **kwargs
            )  # type: ignore[arg-type]

    def open_socket(self, origin: str) -> ClientConnection:
        context = ssl.create_default_context(cafile=str(self.ca))
        line = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        address = f"wss://{NAME}:{self.port}/socket.io/?EIO=4&transport=websocket"
        return connect(address, sock=line, ssl=context, server_hostname=NAME, origin=origin, compression=None)  # type: ignore[arg-type]


class _From(HTTPAdapter):
    """Connections from one of this machine's addresses, that know the server by its name."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        named = {"server_hostname": NAME, "assert_hostname": NAME, "source_address": (self._address, 0)}
        super().init_poolmanager(*args, **kwargs, **named)  # type: ignore[arg-type, no-untyped-call]


@pytest.fixture(params=PROXIES)
def front(request: pytest.FixtureRequest, running: Running, tmp_path: Path) -> Iterator[Front]:
    port = free_port()
    text = (running.folder / "unit.toml").read_text()
    behind = f'secure_cookies = true\npublic_url = "https://{NAME}"\ntrusted_proxies = ["127.0.0.1"]'
    (running.folder / "unit.toml").write_text(
        text.replace("port = 8080", f"port = 8080\n{behind}").replace('adapter = "none"', 'adapter = "folder"')
    )
    running.start()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert(NAME).private_key_and_cert_chain_pem.write_to_path(tmp_path / "hall.pem")
    command = COMMANDS[request.param](tmp_path, port, running.port)
    with (tmp_path / "said").open("wb") as said:
        proxy = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=said)
    try:
        _until_it_listens(port, tmp_path / "said", proxy)
        yield Front(running, port, tmp_path / "ca.pem", tmp_path / "said")
    finally:
        proxy.terminate()
        proxy.wait(20)


def block(language: str) -> str:
    """The configuration in the documentation."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert found, "the documentation has no such block"
    return found[1]


def nginx(folder: Path, port: int, behind: int) -> list[str]:
    told = block("nginx")
    for theirs, ours in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/hall.pem", str(folder / "hall.pem")),
        ("/etc/ssl/private/hall.key", str(folder / "hall.pem")),
        ("127.0.0.1:8080", f"127.0.0.1:{behind}"),
    ):
        assert theirs in told
        told = told.replace(theirs, ours)
    places = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    alone = f"daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log stderr warn;\nevents {{}}\n"
    (folder / "nginx.conf").write_text(f"{alone}http {{\naccess_log off;\n{places}{told}}}\n")
    return [NGINX, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, port: int, behind: int) -> list[str]:
    told = block("caddy")
    for theirs, ours in (
        (f"{NAME} {{", f"{NAME}:{port} {{\n    bind 127.0.0.1\n    tls hall.pem hall.pem"),
        ("127.0.0.1:8080", f"127.0.0.1:{behind}"),
    ):
        assert theirs in told
        told = told.replace(theirs, ours)
    (folder / "Caddyfile").write_text(
        "{\n    admin off\n    auto_https disable_redirects\n    storage file_system " + str(folder) + "\n}\n" + told
    )
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


COMMANDS: dict[str, Callable[[Path, int, int], list[str]]] = {"nginx": nginx, "caddy": caddy}


def _until_it_listens(port: int, said: Path, proxy: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and proxy.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError(said.read_text())


def test_the_hall_works_by_https_behind_the_documented_proxy(front: Front) -> None:
    page = front.ask("GET", "/sign-in")
    assert page.status_code == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    with front.open_socket(front.url) as line:
        line.recv()
        line.send(f"40/display,{json.dumps({'token': front.running.token('display', 'display-1')})}")
        frames = [str(line.recv(timeout=10)) for _ in range(2)]
    assert any(frame.startswith('42/display,["snapshot"') for frame in frames), frames
    for foreign in ("https://evil.example", f"http://{NAME}"):
        with pytest.raises(InvalidStatus):
            front.open_socket(foreign)


def test_who_signs_in_through_it_gets_a_secure_cookie_and_foreign_pages_press_nothing(front: Front) -> None:
    front.running.person("brahim", "manager")
    form = {"login": "brahim", "password": "a good password"}
    signed = front.ask("POST", "/sign-in", data=form, headers={"Origin": front.url})
    assert signed.status_code == 303, signed.text
    cookie = signed.headers["Set-Cookie"]
    assert "Secure" in cookie
    mine = {"Cookie": cookie.split(";")[0]}
    for origin, megabytes, status in (("https://evil.example", 0, 403), (front.url, 20, 422)):
        file = ("film.mp4", bytes(megabytes * 1_000_000 + 1))
        sent = front.ask("POST", "/manager/media", files={"file": file}, headers={**mine, "Origin": origin})
        assert sent.status_code == status, sent.text[:300]


def test_limits_and_figures_go_by_the_visitors_address_whatever_the_visitor_says(front: Front) -> None:
    statuses = [
        front.ask("GET", f"/t/{'a' * 25}{n % 8 + 2}", headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(70)
    ]
    assert statuses[0] == 404
    assert statuses[-1] == 429
    assert front.ask("GET", f"/t/{'b' * 26}", by=ANOTHER).status_code == 404
    assert front.ask("GET", "/metrics").status_code == 401


def test_a_long_complaint_lies_in_no_file_of_the_proxy(front: Front) -> None:
    """nginx says so when it puts a body into a file."""
    give_keys(front.running.folder, PortalKey().public())
    form = {"lang": "ar", "type": "complaint", "text": "ش" * 100_000}
    assert front.ask("POST", "/s/new", data=form).status_code == 303
    assert "temporary file" not in front.said.read_text()
