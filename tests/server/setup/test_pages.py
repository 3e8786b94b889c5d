"""The manager's pages of the set-up, as a browser without script uses them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from manager.setup.words import SECTIONS
from server import setup
from server.app import Server
from server.editing.voice import Voice
from server.information import information_of
from server.journal import last_seq
from server.opening import store
from server.operations.making import new_token
from server.revisions import note_change
from server.setup.voice import CHOICE, Loudness, VoiceChoices
from tests.server.setup.browser import Browser
from tests.server.setup.forms import keep_only

PASSPORT = {
    "name.ar": "جواز السفر", "name.fr": "Passeport", "prefix": "p", "icon": "passport", "target_minutes": "25", "open": "on",
    "series": "", "first": "1", "last": "500", "keeps_place": "on", "documents.row": ["0", "1"], "documents.1.ar": "صورتان",
    "documents.1.fr": "Deux photos",
}  # fmt: skip


def services(server: Server) -> dict[str, Any]:
    with server.unit.reading() as conn:
        return {one["id"]: one for one in server.unit.hall.board(conn, server.unit.now())["services"]}


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_every_section_has_a_list_and_a_form(manager: Browser, section: str) -> None:
    assert SECTIONS[section][0] in manager.get(f"/{section}")
    page = manager.get(f"/{section}/edit" + ("?id=kiosk-1" if section in ("kiosks", "displays") else ""))
    assert "<form" in page


def test_a_service_is_added_and_noted(manager: Browser, server: Server) -> None:
    assert manager.post("/services/edit", **PASSPORT)[0] == 303
    assert services(server)["passeport"]["prefix"] == "P"
    page = manager.get("/changes?what=services")
    assert 'href="/manager/tickets"' in page, "the menu is that of every page"
    assert "Brahim" in page
    assert "Passeport" in page
    assert "Deux photos" in page
    assert "No Amazigh text" in manager.get("/services")


def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(manager: Browser, server: Server) -> None:
    status, page = manager.post("/services/edit", **{**PASSPORT, "prefix": "A", "target_minutes": "soon"})
    assert status == 422
    assert 'id="fault-target_minutes"' in page
    assert 'value="soon"' in page
    status, page = manager.post("/services/edit", **{**PASSPORT, "prefix": "A"})
    assert 'id="fault-prefix"' in page
    assert "has the prefix A already" in page
    assert 'value="Passeport"' in page
    assert "Deux photos" in page
    assert "passeport" not in services(server)


def test_the_days_in_which_a_visit_is_rated_are_the_managers_at_once_and_noted(manager: Browser, server: Server) -> None:
    for nonsense in ("0", "91", "soon", ""):
        status, page = manager.post("/ratings/edit", rating_days=nonsense, revision=manager.revision("/ratings/edit"))
        assert (status, 'id="fault-rating_days"' in page) == (422, True)
    assert manager.post("/ratings/edit", rating_days="3", revision=manager.revision("/ratings/edit"))[0] == 303
    with server.unit.reading() as conn:
        assert setup.rating_days(conn) == 3
    assert "for which a visit can be rated: 3" in manager.client.get("/manager/ratings?lang=en").text
    assert "Brahim" in manager.get("/changes?what=ratings")
    assert "[ratings]\nrating_days = 3" in manager.client.get("/manager/setup/file.toml").text


def test_who_saves_second_is_told_what_the_other_changed_and_keeps_what_was_typed(
    manager: Browser, administrator: Browser, server: Server
) -> None:
    path = "/services/edit?id=autres"
    mine = other = manager.revision(path)
    data = {**PASSPORT, "prefix": "F", "series": "autres", "name.fr": "Divers", "last": "9999"}
    assert administrator.post(path, **{**data, "target_minutes": "45", "revision": other})[0] == 303
    status, page = manager.post(path, **{**data, "name.fr": "Tout le reste", "revision": mine})
    assert status == 409
    assert "Amina changed this" in page
    assert "<bdi>20</bdi></td><td><bdi>45</bdi>" in page
    assert 'value="Tout le reste"' in page
    assert services(server)["autres"]["name"]["fr"] == "Divers"
    again = re.search(r'name="revision" value="(\w+)"', page)
    assert again
    assert manager.post(path, **{**data, "name.fr": "Tout le reste", "revision": again[1]})[0] == 303
    assert services(server)["autres"]["name"]["fr"] == "Tout le reste"


def test_a_work_profile_takes_its_counters_along(manager: Browser, server: Server) -> None:
    data = {"name.ar": "سريع", "name.fr": "Rapide", "services.legalisation": "1", "services.etat-civil": "2", "at": ["1", "3"]}
    assert manager.post("/work_profiles/edit", **data)[0] == 303
    with server.unit.reading() as conn:
        assert conn.execute("SELECT id FROM counters WHERE profile = 'rapide'").fetchall() == [(1,), (3,)]
    assert "1, 3" in manager.get("/work_profiles")
    assert manager.post("/services/edit", **PASSPORT, profiles="rapide")[0] == 303
    with server.unit.reading() as conn:
        assert conn.execute("SELECT rank FROM work_profile_services WHERE service = 'passeport'").fetchall() == [(2,)]


def test_a_list_moves_stops_and_removes(manager: Browser, server: Server) -> None:
    path = "/services/edit?id=legalisation"
    assert manager.post(path, do="up")[0] == 303
    assert next(iter(services(server))) == "legalisation"
    assert manager.post(path, do="toggle", revision=manager.revision(path))[0] == 303
    assert not services(server)["legalisation"]["open"]
    assert manager.post(path, do="toggle", revision="stale")[0] == 409
    assert manager.post(path, do="remove", revision=manager.revision(path))[0] == 303
    assert "legalisation" not in services(server)
    assert manager.client.get(f"/manager/setup{path}").status_code == 404


def test_a_list_of_one_has_no_arrows(manager: Browser) -> None:
    add = {"name.ar": "اجتماع", "name.fr": "Réunion"}
    assert 'value="up"' in manager.get("/outcomes")
    for path in re.findall(r'<a href="/manager/setup(/outcomes/edit\?id=[^"]+)">', manager.get("/outcomes")):
        assert manager.post(path, do="remove", revision=manager.revision(path))[0] == 303
    assert manager.post("/outcomes/edit", **add)[0] == 303
    assert manager.get("/outcomes").count('class="thing"') == 1
    assert 'value="up"' not in manager.get("/outcomes")
    assert manager.post("/outcomes/edit", **{**add, "name.fr": "Encore"})[0] == 303
    assert 'value="up"' in manager.get("/outcomes")


def test_a_service_that_people_wait_for_is_kept_with_a_sentence(manager: Browser, server: Server, folder: Path) -> None:
    token = new_token(folder, "kiosk", "kiosk-1")
    body = {"service": "etat-civil", "language": "ar"}
    server.app.test_client().post("/api/v1/tickets", json=body, headers={"Authorization": f"Bearer {token}"})
    path = "/services/edit?id=etat-civil"
    status, page = manager.post(path, do="remove", revision=manager.revision(path))
    assert status == 409
    assert "1 visitors of this service are still in the hall" in page


def test_a_kiosk_offers_what_is_ticked_and_everything_when_nothing_is(manager: Browser, server: Server, folder: Path) -> None:
    token = new_token(folder, "kiosk", "kiosk-1")
    path = "/kiosks/edit?id=kiosk-1"
    assert manager.post(path, services=["legalisation", "residence"], revision="")[0] == 303
    headers = {"Authorization": f"Bearer {token}"}
    board = server.app.test_client().get("/api/v1/board", headers=headers).get_json()
    assert [one["id"] for one in board["services"]] == ["legalisation", "residence"]
    assert manager.post(path, revision=manager.revision(path))[0] == 303
    assert len(server.app.test_client().get("/api/v1/board", headers=headers).get_json()["services"]) == 6


def test_kiosks_are_listed_by_name_whether_something_was_chosen_for_them_or_not(manager: Browser, folder: Path) -> None:
    for name in ("kiosk-1", "kiosk-2"):
        new_token(folder, "kiosk", name)
    assert manager.post("/kiosks/edit?id=kiosk-2", services=["residence"], revision="")[0] == 303
    assert re.findall(r"edit\?id=(kiosk-\d)", manager.get("/kiosks")) == ["kiosk-1", "kiosk-2"]


def test_a_single_setting_is_kept(manager: Browser, server: Server) -> None:
    kept = {"put_back": "after", "put_back_after": "3"}
    data = {**kept, "cap_minutes": "12", "prefer_one_in": "1", "early_minutes": "5", "revision": manager.revision("/calling")}
    status, page = manager.post("/calling/edit", **data)
    assert (status, "must be at least 2" in page) == (422, True)
    assert manager.post("/calling/edit", **{**data, "prefer_one_in": "4"})[0] == 303
    assert 'value="12"' in manager.get("/calling")


def sent_as_it_is(page: str) -> dict[str, str]:
    """What a browser sends when nothing in a page's form was touched."""
    data = dict(re.findall(r'<input[^>]* name="(\w+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        data[name] = re.findall(r'value="(\w+)" selected', options)[0]
    return data | dict.fromkeys(re.findall(r'role="switch" name="(\w+)" checked', page), "on")


@pytest.mark.parametrize("where", ["after", "end", "place"])
def test_the_calling_rules_sent_as_they_are_change_nothing(manager: Browser, server: Server, where: str) -> None:
    data = {
        "cap_minutes": "12",
        "prefer_one_in": "4",
        "early_minutes": "7",
        "put_back": where,
        "put_back_after": "5",
        "auto_next": "on",
    }
    assert manager.post("/calling/edit", **data, revision=manager.revision("/calling"))[0] == 303
    with server.unit.reading() as conn:
        before, told = setup.put_back(conn), last_seq(conn)
    assert (before.where, before.after) == (where, 5)
    sent = sent_as_it_is(manager.get("/calling"))
    assert {name: sent[name] for name in data} == data
    assert manager.post("/calling/edit", **sent)[0] == 303
    with server.unit.reading() as conn:
        assert (setup.put_back(conn), last_seq(conn)) == (before, told)
    assert manager.post("/calling/edit", **{**sent, "put_back": "nowhere"})[0] == 422


def test_a_file_is_shown_first_and_then_applied(administrator: Browser, manager: Browser, server: Server) -> None:
    text = administrator.client.get("/manager/setup/file.toml").text.replace("target_minutes = 15", "target_minutes = 16")
    status, page = administrator.post("/file", file=(io.BytesIO(text.encode()), "set-up.toml"), do="preview")
    assert status == 200
    state = re.search(r'name="state" value="(\w+)"', page)
    assert state
    assert page.count("<bdi>15</bdi>") == 2
    bad = text.replace('prefix = "B"', 'prefix = "A"')
    status, page = administrator.post("/file", text=bad, state=state[1], do="apply")
    assert (status, "has the prefix A already" in page) == (422, True)
    assert administrator.post("/file", text=text, state="stale", do="apply")[0] == 200, "what it would change is shown anew"
    assert administrator.post("/file", text=text, state=state[1], do="apply")[0] == 303
    assert "target_minutes = 16" in administrator.client.get("/manager/setup/file.toml").text
    assert manager.post("/file", text=text)[0] == 403
    for nonsense in (b"\xff\xfe", b"x" * 400_000):
        assert administrator.post("/file", file=(io.BytesIO(nonsense), "x"), do="preview")[0] == 422


@pytest.mark.parametrize("path", ["/unicorns", "/services/edit?id=nothing", "/counters/edit?id=x", "/kiosks/edit"])
def test_what_is_not_there_is_not_found(manager: Browser, path: str) -> None:
    assert manager.client.get(f"/manager/setup{path}").status_code == 404


def test_nonsense_in_a_form_is_refused_not_broken(manager: Browser) -> None:
    for data in (
        {},
        {"do": "fly"},
        {"prefix": "\x00", "first": "9" * 400},
        {"documents.row": ["x"] * 50},
        {"do": "up"},
        {"do": "toggle"},
    ):
        assert manager.post("/services/edit", **data)[0] in (404, 409, 422), data
    assert manager.client.get("/manager/setup/changes?before=x&what=%00&by='").status_code == 200


def test_what_citizens_are_told_of_a_service_is_edited_on_its_form(server: Server, manager: Browser) -> None:
    texts = {"sentence.ar": "جواز سفركم.", "sentence.fr": "Votre passeport.", "heading.ar": "السفر", "heading.fr": "Voyage"}
    assert manager.post("/services/edit", **PASSPORT, **texts)[0] == 303
    page = manager.get("/services/edit?id=passeport")
    assert "Votre passeport." in page
    with server.unit.reading() as conn:
        told = information_of(conn, "passeport")
    assert told.sentence == {"ar": "جواز سفركم.", "fr": "Votre passeport."}
    assert told.heading["fr"] == "Voyage"
    assert not told.fees
    status, page = manager.post("/services/edit", **{**PASSPORT, "prefix": "q"}, **{"fees.fr": "300 dirhams"})
    assert status == 422
    assert 'id="fault-fees.ar"' in page


def test_where_people_are_put_back_stays_when_the_calling_rules_are_saved(server: Server, manager: Browser) -> None:
    rules = {"cap_minutes": "40", "prefer_one_in": "3", "early_minutes": "5", "put_back": "end", "put_back_after": "4"}
    assert manager.post("/calling/edit", revision=manager.revision("/calling"), **rules)[0] == 303
    with server.unit.reading() as conn:
        assert setup.put_back(conn).where == "end"
        assert setup.put_back(conn).after == 4


@pytest.mark.parametrize("text", ["a = " + "[" * 3000, "a = " + "1" * 5000, "[[services]]\nid = 0x" + "f" * 5000])
def test_a_file_that_is_made_to_break_its_reader_is_told_with_its_line(administrator: Browser, text: str) -> None:
    status, page = administrator.post("/file", text=text)
    assert status == 422
    assert "Mend the file at these lines" in page


def test_the_list_of_changes_has_words_for_everything_in_it(server: Server, folder: Path, manager: Browser) -> None:
    new_token(folder, "kiosk", "kiosk-9")
    unit = server.unit
    old, new = {"state": "refused", "error": None}, {"state": "pending"}

    def note(conn: Any) -> None:
        note_change(conn, unit.journal, "person:1", CHOICE, "fr/ticket", "packaged", "site")
        note_change(conn, unit.journal, "person:1", "portal delivery", "3", old, new)
        seen = store.revision(conn)
        store.change(conn, unit.journal, "person:1", seen, lambda now: replace(now, kept=not now.kept, margin_min=20))

    unit.writer.run(note)
    keep_only(unit, Voice.of(VoiceChoices(("zgh",), False, 2, (Loudness("08:00", 50),))))
    page = manager.get("/changes")
    for words in (
        "The installer (command line)", "Devices", "kiosk-9", "Voice", "The one that comes with Istiqbal",
        "Sent to the portal again",
        "Refused by the portal", "Opening hours", "Minutes to spare before closing: \u206820", "How loud: \u206850", "People",
    ):  # fmt: skip
        assert words in page, words
    for raw in ("margin_minutes", "visitor_first", "portal delivery<", "has_pin", "day_end", "turn_away"):
        assert raw not in re.sub(r"<[^>]+>", "<", page), raw


def test_a_counter_is_headed_by_its_word_and_not_by_a_number_alone(manager: Browser) -> None:
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", manager.get("/counters/edit?id=3"), re.S)
    assert heading
    assert re.sub(r"<[^>]+>", "", heading[1]).strip() == "Counter 3"
    assert ">Counter 3</a>" in manager.get("/counters")
