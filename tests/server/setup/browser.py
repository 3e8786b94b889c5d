"""A browser without script, signed in."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

from server.app import Server
from server.operations.admitting import new_person

PASSWORD = "a good password"


class Browser:
    """A person's browser."""

    def __init__(self, server: Server, folder: Path, login: str, role: str) -> None:
        new_person(folder, login, login.title(), role, PASSWORD)
        self.client = server.app.test_client()
        self.client.post("/sign-in?lang=en", data={"login": login, "password": PASSWORD}, headers={"Origin": "http://localhost"})

    def get(self, path: str) -> str:
        answer = self.client.get(f"/manager/setup{path}", headers={"Accept-Language": "en"})
        assert answer.status_code == 200, answer.text
        return unescape(answer.text)

    def post(self, path: str, **data: Any) -> tuple[int, str]:
        headers = {"Accept-Language": "en", "Origin": "http://localhost"}
        answer = self.client.post(f"/manager/setup{path}", data=data, headers=headers, content_type="multipart/form-data")
        return answer.status_code, unescape(answer.text)

    def revision(self, path: str) -> str:
        found = re.search(r'name="revision" value="(\w+)"', self.get(path))
        assert found
        return found[1]
