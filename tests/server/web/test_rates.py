"""How often one may ask: generous for a hall, and an end for whoever asks without end."""

from __future__ import annotations

import pytest

from server.access.rates import KEPT, Rates, place
from server.app import Server
from server.errors import TooManyRequests
from server.operations.making import new_token
from tests.programs import Program


class Steady:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_worth_may_come_at_once_and_then_no_more() -> None:
    steady = Steady()
    rates = Rates({"tickets": 30}, steady)
    for _ in range(30):
        rates.take("tickets", "device:1")
    with pytest.raises(TooManyRequests) as refused:
        rates.take("tickets", "device:1")
    assert refused.value.params["seconds"] == 2
    rates.take("tickets", "device:2")
    steady.now += 2
    rates.take("tickets", "device:1")
    with pytest.raises(TooManyRequests):
        rates.take("tickets", "device:1")


def test_none_is_no_limit() -> None:
    rates = Rates({"tickets": 0}, Steady())
    for _ in range(1000):
        rates.take("tickets", "device:1")


def test_its_memory_has_an_end() -> None:
    rates = Rates({"requests": 10}, Steady())
    for number in range(KEPT + 5000):
        rates.take("requests", f"10.0.0.{number}")
    assert len(rates) == KEPT


def test_an_ipv6_machine_is_one_however_many_addresses_it_takes() -> None:
    assert place("2001:db8:1:2::5") == place("2001:db8:1:2:aaaa::1") != place("2001:db8:1:3::5")
    assert place("192.168.1.4") != place("192.168.1.5")


@pytest.fixture
def timeless(server: Server) -> Server:
    """A server whose limits see no time pass, however slow the machine is."""
    limits = server.unit.settings.limits
    per_minute = {
        "tickets": limits.tickets_per_minute,
        "words": limits.words_per_minute,
        "requests": limits.requests_per_minute,
        "misses": limits.misses_per_minute,
    }
    server.app.extensions["istiqbal.rates"] = Rates(per_minute, Steady())
    return server


def test_a_kiosk_gone_wild_is_told_to_wait_and_the_others_go_on(timeless: Server, callers: dict[str, Program]) -> None:
    order = {"service": "etat-civil", "language": "fr"}
    most = timeless.unit.settings.limits.tickets_per_minute
    answers = [callers["kiosk"].post("/api/v1/tickets", order) for _ in range(most + 5)]
    assert [one.status_code for one in answers[:most]] == [201] * most
    assert answers[-1].status_code == 429
    assert answers[-1].get_json()["type"] == "urn:istiqbal:problem:too-many-requests"
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert callers["kiosk"].get("/api/v1/board").status_code == 200
    other = Program(timeless.app.test_client(use_cookies=False), new_token(timeless.unit.folder, "kiosk", "kiosk-2"))
    assert other.post("/api/v1/tickets", order).status_code == 201


def test_whoever_rates_and_writes_without_end_is_told_to_wait_and_the_others_go_on(
    timeless: Server, callers: dict[str, Program]
) -> None:
    most = timeless.unit.settings.limits.words_per_minute
    kiosk, phone, elsewhere = callers["kiosk"], callers["nobody"], {"REMOTE_ADDR": "192.168.1.30"}
    ways = [
        lambda who, **more: who.post(f"/api/v1/visits/{'a' * 26}/rating", {"score": 4}, **more),
        lambda who, **more: who.post("/api/v1/submissions", {"type": "complaint", "text": "x"}, **more),
        lambda who, **more: who.post(f"/t/{'a' * 26}/rating", data={"score": "4"}, **more),
        lambda who, **more: who.post("/s/new", data={"type": "complaint", "text": "x"}, **more),
    ]
    for number in range(most):
        assert ways[number % len(ways)](phone).status_code in (404, 409)
        assert kiosk.post("/api/v1/ratings/visit", {"ticket": "A999"}).status_code in (404, 429)
    for way in ways:
        refused = way(phone)
        assert (refused.status_code, int(refused.headers["Retry-After"]) >= 1) == (429, True)
        assert way(phone, environ_base=elsewhere).status_code in (404, 409)
    assert kiosk.post(f"/api/v1/visits/{'a' * 26}/rating", {"score": 4}).status_code == 429
    assert kiosk.get("/api/v1/board").status_code == 200
    assert phone.get("/s/new").status_code == 200
    other = Program(timeless.app.test_client(use_cookies=False), new_token(timeless.unit.folder, "kiosk", "kiosk-2"))
    assert other.post("/api/v1/ratings/visit", {"ticket": "A999"}).get_json()["type"].endswith("not-to-be-rated")


def test_whoever_guesses_references_is_stopped_as_well(timeless: Server, callers: dict[str, Program]) -> None:
    nobody = callers["nobody"]
    for number in range(timeless.unit.settings.limits.misses_per_minute):
        path = (f"/api/v1/submissions/{'A' * 14}{number:02d}", f"/s/{'B' * 14}{number:02d}", f"/t/guess-{number}/rating")[
            number % 3
        ]
        assert nobody.get(path).status_code == 404
    assert nobody.get(f"/s/{'C' * 16}").status_code == 429
    assert nobody.get("/s/").status_code == 200


def test_whoever_guesses_visits_is_stopped_where_they_are_and_nobody_else_is(timeless: Server, callers: dict[str, Program]) -> None:
    visit = callers["kiosk"].post("/api/v1/tickets", {"service": "etat-civil", "language": "fr"}).get_json()["visit"]
    nobody = callers["nobody"]
    for number in range(timeless.unit.settings.limits.misses_per_minute):
        path = (f"/api/v1/visits/guess-{number}", f"/t/guess-{number}", f"/t/guess-{number}/state")[number % 3]
        assert nobody.get(path).status_code == 404
    page = nobody.get("/t/one-more")
    assert page.status_code == 429
    assert int(page.headers["Retry-After"]) >= 1
    assert nobody.get(f"/t/{visit}", environ_base={"REMOTE_ADDR": "192.168.1.30"}).status_code == 200


def test_a_visit_is_found_by_its_long_random_id_and_by_nothing_shorter(server: Server, callers: dict[str, Program]) -> None:
    order = {"service": "etat-civil", "language": "fr"}
    tickets = [callers["kiosk"].post("/api/v1/tickets", order).get_json() for _ in range(20)]
    ids = [one["visit"] for one in tickets]
    assert len(set(ids)) == 20
    assert all(len(one) == 26 and set(one) <= set("abcdefghijklmnopqrstuvwxyz234567") for one in ids)
    for place_in_ids in range(25):
        assert len({one[place_in_ids] for one in ids}) > 4, "a place that hardly changes could be guessed"
    for guess in (tickets[0]["ticket"], "1", ids[0][:25], ids[0].upper() + "x", ids[0] + "%"):
        assert callers["nobody"].get(f"/api/v1/visits/{guess}").status_code == 404


def test_the_board_tells_nobody_the_id_of_a_visit(server: Server, callers: dict[str, Program]) -> None:
    visit = callers["kiosk"].post("/api/v1/tickets", {"service": "etat-civil", "language": "fr"}).get_json()["visit"]
    callers["clerk"].post("/api/v1/counters/1/open")
    callers["clerk"].post("/api/v1/counters/1/call-next")
    assert visit not in callers["display"].get("/api/v1/board").get_data(as_text=True)
