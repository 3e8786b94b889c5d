"""The set-up is edited while the hall runs: checked, noted, at once for everybody, and never against who stands in the hall."""

from __future__ import annotations

from typing import Any

import pytest

from server import editing, setup
from server.editing import Faulty, refusals
from server.editing.audit import entries
from server.editing.devices import Display, Kiosk
from server.editing.services import Service
from server.editing.work_profiles import Counter, WorkProfile
from server.errors import Refused, ServiceClosed
from server.lifecycle import Action
from server.unit import Unit
from server.visits import Caller, Order
from server.web.language import in_language
from tests.conftest import CLERK, KIOSK
from tests.server.setup.office import PASSPORT, Office

OTHER_MANAGER = Caller("person:8", "Nadia", "manager")


def refused(raised: pytest.ExceptionInfo[Faulty]) -> list[tuple[tuple[str | int, ...], type[Refused]]]:
    return [(fault.path, type(fault.refusal)) for fault in raised.value.faults]


def test_a_new_service_gives_tickets_at_once_and_the_journal_says_who_made_it(office: Office, unit: Unit) -> None:
    office.add("services", Service, **PASSPORT)
    assert unit.visits.issue(Order("passeport", "fr"), KIOSK)["ticket"] == "P001"
    with unit.reading() as conn:
        (entry,) = entries(conn)
        assert setup.services(conn)[-1].documents == [{"ar": "صورتان", "fr": "Deux photos"}]
    assert (entry.by, entry.what, entry.id, entry.before) == ("Brahim", "services", "passeport", None)
    assert entry.after is not None
    assert entry.after["name"]["fr"] == "Passeport"


def test_a_change_is_noted_with_what_was_before(office: Office, unit: Unit) -> None:
    office.change("services", "etat-civil", target_minutes=40)
    with unit.reading() as conn:
        (entry,) = entries(conn, what="services", by="Brahim")
        assert entries(conn, by="Nadia") == entries(conn, what="counters") == []
        assert entries(conn, before=entry.seq) == []
        assert setup.service(conn, "etat-civil").target_s == 2400
    assert entry.differences() == [("target_minutes", 20, 40)]


def test_saving_without_a_change_leaves_no_trace(office: Office, unit: Unit) -> None:
    assert office.change("services", "etat-civil") == []
    with unit.reading() as conn:
        assert entries(conn) == []


@pytest.mark.parametrize(
    ("update", "path", "refusal"),
    [
        ({"name": {"ar": "", "fr": "x"}}, ("name", "ar"), refusals.Needed),
        ({"name": {"ar": "x"}}, ("name", "fr"), refusals.Needed),
        ({"name": {"ar": "x" * 81, "fr": "x"}}, ("name", "ar"), refusals.TooLong),
        ({"name": {"ar": "a\nb", "fr": "x"}}, ("name", "ar"), refusals.NotPlain),
        ({"name": {"ar": "x", "fr": "x", "es": "x"}}, ("name", "es"), refusals.UnknownKey),
        ({"prefix": "ABC"}, ("prefix",), refusals.BadPrefix),
        ({"prefix": "ا"}, ("prefix",), refusals.BadPrefix),
        ({"prefix": ""}, ("prefix",), refusals.BadPrefix),
        ({"icon": "unicorn"}, ("icon",), refusals.NoSuchIcon),
        ({"target_minutes": 0}, ("target_minutes",), refusals.TooSmall),
        ({"target_minutes": "soon"}, ("target_minutes",), refusals.NotANumber),
        ({"first": 50, "last": 49}, ("last",), refusals.RangeBackwards),
        ({"documents": [{"ar": "x", "fr": ""}]}, ("documents", 0, "fr"), refusals.Needed),
        ({"id": "Not an id"}, ("id",), refusals.BadId),
        ({"open": "yes"}, ("open",), refusals.WrongKind),
        ({"colour": "red"}, ("colour",), refusals.UnknownKey),
    ],
)
def test_a_service_that_can_not_be_is_refused_at_its_field(update: Any, path: Any, refusal: type[Refused]) -> None:
    faults = editing.made(Service, {**PASSPORT, **update}, "services")
    assert isinstance(faults, list)
    assert [(fault.path, type(fault.refusal)) for fault in faults] == [(path, refusal)]


def test_two_services_can_not_have_one_prefix(office: Office) -> None:
    with pytest.raises(Faulty) as raised:
        office.add("services", Service, **{**PASSPORT, "prefix": "A"})
    assert refused(raised) == [(("prefix",), refusals.DuplicatePrefix)]


def test_services_that_share_their_numbers_have_one_range(office: Office, unit: Unit) -> None:
    with pytest.raises(Faulty) as raised:
        office.add("services", Service, **PASSPORT, series="etat-civil", first=100, last=200)
    assert refused(raised) == [(("first",), refusals.RangesDisagree)]
    office.add("services", Service, **PASSPORT, series="etat-civil")
    assert [change.id for change in office.change("services", "passeport", first=1, last=99)] == ["etat-civil", "passeport"]
    assert [unit.visits.issue(Order(one, "ar"), KIOSK)["ticket"] for one in ("passeport", "etat-civil")] == ["P001", "A002"]


def test_ranges_of_services_that_count_apart_may_overlap(office: Office, unit: Unit) -> None:
    office.change("services", "etat-civil", first=1, last=50)
    office.change("services", "legalisation", first=20, last=70)
    assert unit.visits.issue(Order("legalisation", "ar"), KIOSK)["ticket"] == "B020"


def test_a_prefix_does_not_pass_to_another_series_while_tickets_with_it_are_held(office: Office, unit: Unit) -> None:
    held = unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"]
    office.change("services", "etat-civil", prefix="Z")
    with pytest.raises(Faulty) as raised:
        office.change("services", "legalisation", prefix="A")
    assert refused(raised) == [((), refusals.PrefixHeld)]
    unit.visits.cancel(held, KIOSK)
    office.change("services", "legalisation", prefix="A")
    assert unit.visits.issue(Order("legalisation", "ar"), KIOSK)["ticket"] == "A001"


def test_of_two_managers_the_second_is_told(office: Office, unit: Unit) -> None:
    read_by_both = office.now("services", "etat-civil")
    office.change("services", "etat-civil", who=OTHER_MANAGER, target_minutes=5)
    mine = read_by_both.model_copy(update={"prefix": "Z"})
    with pytest.raises(refusals.ChangedMeanwhile, match="Nadia"):
        office.keep("services", mine, read_by_both.revision())
    assert office.now("services", "etat-civil").prefix == "A"
    office.remove("services", "etat-civil")
    with pytest.raises(refusals.GoneMeanwhile, match="Brahim"):
        office.keep("services", mine, read_by_both.revision())


def test_a_service_with_people_waiting_is_not_removed(office: Office, unit: Unit) -> None:
    visits = [unit.visits.issue(Order("etat-civil", "ar"), KIOSK)["visit"] for _ in range(2)]
    with pytest.raises(Faulty, match="2 visitors"):
        office.remove("services", "etat-civil")
    office.change("services", "etat-civil", open=False)
    with pytest.raises(ServiceClosed) as closed:
        unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    assert "État civil" in in_language("fr", closed.value.message, **closed.value.params)
    unit.visits.desk(1, "open", CLERK)
    unit.visits.call_next(1, CLERK)
    unit.visits.at_counter(1, Action.TRANSFER, CLERK, service="legalisation")
    with pytest.raises(Faulty, match="1 visitors"):
        office.remove("services", "etat-civil")
    unit.visits.cancel(visits[1], KIOSK)
    office.remove("services", "etat-civil")
    with unit.reading() as conn:
        assert setup.service(conn, "etat-civil").name["fr"] == "État civil"


def test_a_transfer_to_a_closed_service_is_refused_and_the_visitor_stays(office: Office, unit: Unit) -> None:
    office.change("services", "legalisation", open=False)
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    unit.visits.desk(1, "open", CLERK)
    called = unit.visits.call_next(1, CLERK)
    assert called is not None
    with pytest.raises(ServiceClosed):
        unit.visits.at_counter(1, Action.TRANSFER, CLERK, service="legalisation")
    assert unit.visits.at_counter(1, Action.START, CLERK)["visit"] == called["visit"]


def test_a_removed_service_leaves_profiles_kiosks_and_displays_unless_it_is_their_last(office: Office) -> None:
    office.add("work_profiles", WorkProfile, id="w", name=PASSPORT["name"], services={"etat-civil": 1, "legalisation": 2})
    office.add("kiosks", Kiosk, id="kiosk-1", services=["etat-civil", "residence"])
    office.add("displays", Display, id="hall", services=["etat-civil", "residence"])
    changes = office.remove("services", "etat-civil")
    assert {change.section for change in changes} == {"services", "work_profiles", "kiosks", "displays"}
    assert office.now("work_profiles", "w").services == {"legalisation": 2}
    with pytest.raises(refusals.LastServiceOf):
        office.remove("services", "residence")


def test_an_id_that_was_removed_may_come_back(office: Office, unit: Unit) -> None:
    office.remove("services", "autres")
    office.add("services", Service, **{**PASSPORT, "id": "autres", "prefix": "F"})
    assert unit.visits.issue(Order("autres", "fr"), KIOSK)["ticket"] == "F001"


def test_a_work_profile_takes_effect_at_the_next_call_and_stays_while_counters_work_by_it(office: Office, unit: Unit) -> None:
    unit.visits.desk(1, "open", CLERK)
    unit.visits.issue(Order("etat-civil", "ar"), KIOSK)
    unit.visits.issue(Order("legalisation", "ar"), KIOSK)
    office.add("work_profiles", WorkProfile, id="w", name=PASSPORT["name"], services={"legalisation": 1})
    office.change("counters", 1, profile="w")
    called = unit.visits.call_next(1, CLERK)
    assert called is not None
    assert called["ticket"] == "B001"
    with pytest.raises(refusals.WorkProfileInUse):
        office.remove("work_profiles", "w")
    office.change("counters", 1, profile=None)
    office.remove("work_profiles", "w")


def test_a_counter_is_removed_or_renumbered_only_while_it_is_closed(office: Office, unit: Unit) -> None:
    unit.visits.desk(2, "open", CLERK)
    for attempt in (lambda: office.remove("counters", 2), lambda: office.change("counters", 2, number=20)):
        with pytest.raises(Faulty) as raised:
            attempt()
        assert refused(raised) == [((), refusals.CounterInUse)]
    unit.visits.desk(2, "close", CLERK)
    office.change("counters", 2, number=20)
    with pytest.raises(Faulty) as raised:
        office.change("counters", 1, number=20)
    assert refused(raised) == [(("number",), refusals.DuplicateNumber)]
    office.remove("counters", 2)
    office.add("counters", Counter, id=5, number=20)
