"""Contact with the portal is its answer: what the line remembers, and when a quiet unit asks."""

from __future__ import annotations

from server.sync import line
from server.unit import Unit
from tests.server.sync.https import end_visits, seen, way
from tests.server.sync.portals import KEY, Reply, TrialPortal, problem


def test_the_line_remembers_its_fault_and_forgets_it_with_the_next_contact(unit: Unit, portal: TrialPortal) -> None:
    end_visits(unit, 1)
    portal.replies = [problem(403, "not-allowed")]
    worker = line.Line(unit, way(portal))
    worker.turn()
    found = seen(unit)
    assert found["paused"]
    assert found["pending"] == 1
    assert found["fault"]["params"] == {"detail": "403 not-allowed"}
    asked = len(portal.requests)
    worker.turn()
    assert len(portal.requests) == asked, "a paused line does not knock again by itself"
    worker.try_now()
    worker.turn()
    found = seen(unit)
    assert (found["paused"], found["fault"], found["pending"]) == (False, None, 0)
    assert found["contact"]
    assert line.portal_keys(unit.folder) == [KEY]


def test_nobody_there_is_no_contact_even_when_nothing_is_owed(unit: Unit, portal: TrialPortal) -> None:
    portal.close()
    line.Line(unit, way(portal)).turn()
    found = seen(unit)
    assert found["contact"] is None
    assert "could not be reached" in found["fault"]["message"]


def test_a_unit_that_is_not_let_in_is_paused_even_when_nothing_is_owed(unit: Unit, portal: TrialPortal) -> None:
    portal.replies = [problem(401, "not-signed-in")] * 2
    line.Line(unit, way(portal, "a secret")).turn()
    found = seen(unit)
    assert (found["contact"], found["paused"]) == (None, True)
    assert found["fault"]["params"] == {"detail": "401 not-signed-in"}


def test_a_turn_that_speaks_to_nobody_is_no_contact_and_a_quiet_unit_asks_now_and_then(unit: Unit, portal: TrialPortal) -> None:
    """Within the shortest time after which a silent portal may be an alert, so that a hall at night raises none."""
    steady = [0.0]
    worker = line.Line(unit, way(portal), steady=lambda: steady[0])
    worker.turn()
    assert seen(unit)["contact"]
    unit.writer.run(lambda conn: conn.execute("UPDATE portal_line SET value = '1000' WHERE what = 'contact'"))
    while steady[0] < line.QUIET_S - 120:
        steady[0] += 60
        worker.turn()
    assert [path for path, _ in portal.requests] == ["GET /v1/keys"]
    assert seen(unit)["contact"] == "1970-01-01T00:00:01.000Z"
    steady[0] = 3600
    worker.turn()
    assert [path for path, _ in portal.requests] == ["GET /v1/keys"] * 2
    assert seen(unit)["contact"] > "2000"
    portal.replies = [Reply(lost=True)]
    steady[0] += 3600
    worker.turn()
    assert "could not be reached" in seen(unit)["fault"]["message"]
