"""Many counters in one go, copies of services and work profiles, and what a change left alone."""

from __future__ import annotations

import re
from typing import Any

import pytest

from server import setup
from server.app import Server
from tests.server.setup.browser import Browser
from tests.server.setup.test_pages import services


def test_it_warns_of_services_that_a_change_left_without_a_counter(server: Server, manager: Browser) -> None:
    with server.unit.reading() as conn:
        ids = [one.id for one in setup.services(conn)]
    form = {"name.ar": "كل", "name.fr": "Tout", "at": ["1", "2", "3", "4"]}
    assert manager.post("/work_profiles/edit", **form, **{f"services.{id}": "1" for id in ids})[0] == 303
    assert "data-unserved" not in manager.get("/work_profiles?saved=1")
    form["revision"] = manager.revision("/work_profiles/edit?id=tout")
    status, _ = manager.post("/work_profiles/edit?id=tout", **form, **{f"services.{id}": "1" for id in ids if id != "legalisation"})
    assert status == 303, "a warning, no refusal"
    for page in ("/work_profiles?saved=1", "/counters", "/services"):
        (told,) = re.findall("data-unserved.*", manager.get(page))
        with server.unit.reading() as conn:
            assert f"No counter serves {setup.service(conn, 'legalisation').name['ar']}:" in told
    assert "data-unserved" not in manager.get("/priorities")


def test_a_profile_without_services_serves_everything_in_the_warning_as_in_the_hall(server: Server, manager: Browser) -> None:
    def command(conn: Any) -> None:
        conn.execute("INSERT INTO work_profiles VALUES ('empty', 9, '{\"ar\": \"كل\"}')")
        conn.execute("UPDATE counters SET profile = 'empty'")

    server.unit.writer.run(command)
    assert "data-unserved" not in manager.get("/counters")
    with server.unit.reading() as conn:
        assert setup.work_profile(conn, 1).serves("legalisation")
        assert setup.unserved(conn, ["legalisation"]) == []
        assert setup.shared_services(conn, "legalisation") is None


def counters(server: Server) -> dict[int, str | None]:
    with server.unit.reading() as conn:
        return dict(conn.execute("SELECT number, profile FROM counters WHERE removed_at IS NULL").fetchall())


@pytest.mark.parametrize(("language", "called"), [("ar", "شباك 3"), ("zgh", "ⴰⵙⵉⵔⴰ 3"), ("fr", "Guichet 3")])
def test_a_counter_is_called_so_in_the_list_on_its_page_and_among_the_changes(manager: Browser, language: str, called: str) -> None:
    revision = manager.revision("/counters/edit?id=3")
    assert manager.post("/counters/edit?id=3", do="remove", revision=revision)[0] == 303
    assert manager.post("/counters/edit", number="3")[0] == 303

    def page(path: str) -> str:
        return str(manager.client.get(f"/manager/setup{path}", headers={"Accept-Language": language}).get_data(as_text=True))

    (leads,) = re.findall(rf'(/counters/edit\?id=\d+)">{called}</a>', page("/counters"))
    assert f">{called}</h1>" in page(leads)
    assert f"<bdi>{called}</bdi>" in page("/changes?what=counters")


def test_sixty_counters_are_added_in_one_go_and_those_that_are_there_stay(manager: Browser, server: Server) -> None:
    data = {"name.ar": "سريع", "name.fr": "Rapide", "services.legalisation": "1"}
    assert manager.post("/work_profiles/edit", **data)[0] == 303
    before = counters(server)
    revision = manager.revision("/counters/edit?id=2")
    assert manager.post("/counters/edit?id=2", do="remove", revision=revision)[0] == 303
    assert manager.post("/counters/edit", do="several", first="1", last="60", profile="rapide")[0] == 303
    added = set(range(1, 61)) - set(before) | {2}
    assert counters(server) == {**before, **dict.fromkeys(added, "rapide")}
    with server.unit.reading() as conn:
        assert conn.execute("SELECT COUNT(*) FROM counters WHERE number = 2").fetchone() == (2,), (
            "what happened at the old one stays its"
        )
    assert manager.post("/counters/edit", do="several", first="1", last="60")[0] == 303
    assert counters(server)[60] == "rapide"


@pytest.mark.parametrize(
    ("first", "last", "profile", "sentence"),
    [
        ("9", "8", "", "must not be smaller than the first"),
        ("0", "8", "", "at least 1"),
        ("1", "1000", "", "at most 999"),
        ("one", "8", "", "whole number"),
        ("", "", "", "whole number"),
        ("50", "51", "nobody", "no work profile “nobody”"),
    ],
)
def test_a_run_of_counters_that_can_not_be_is_refused_and_stays_typed(
    manager: Browser, server: Server, first: str, last: str, profile: str, sentence: str
) -> None:
    before = counters(server)
    status, page = manager.post("/counters/edit", do="several", first=first, last=last, profile=profile)
    assert (status, sentence in page) == (422, True)
    assert f'name="last" inputmode="numeric" dir="ltr" autocomplete="off" value="{last}"' in page
    assert counters(server) == before
    assert manager.post("/services/edit", do="several", first="1", last="2")[0] == 404


def test_a_service_is_copied_with_a_letter_and_numbers_of_its_own(manager: Browser, server: Server) -> None:
    assert 'href="/manager/setup/services/edit?copy=residence"' in manager.get("/services/edit?id=residence")
    page = manager.get("/services/edit?copy=residence")
    assert 'action="/manager/setup/services/edit"' in page
    assert 'name="revision" value=""' in page
    assert "Certificat de résidence" in page
    assert "Justificatif de domicile" in page
    prefix = re.search(r'name="prefix" value="(\w+)"', page)
    assert prefix
    assert prefix[1] not in {one["prefix"] for one in services(server).values()}
    assert manager.client.get("/manager/setup/services/edit?copy=none").status_code == 404


def test_a_work_profile_is_copied_without_its_counters(manager: Browser, server: Server) -> None:
    data = {"name.ar": "سريع", "name.fr": "Rapide", "services.legalisation": "1", "services.etat-civil": "2", "at": ["1", "3"]}
    assert manager.post("/work_profiles/edit", **data)[0] == 303
    page = manager.get("/work_profiles/edit?copy=rapide")
    assert page.count('<option value="2" selected>') == 1
    assert page.count('name="at"') > 0
    assert not re.search(r'name="at" value="\d+" checked', page)
