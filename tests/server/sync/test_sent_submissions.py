"""Submissions over HTTPS: sent once, again when they were cut, set aside when they are refused."""

from __future__ import annotations

import pytest

from server import sync
from server.sync import outbox
from server.sync.adapters import SyncFailed
from server.sync.drain import TRIES_ALONE
from server.unit import Unit
from tests.server.sync.https import SUBMISSION, end_visits, owe_submission, way
from tests.server.sync.portals import Reply, TrialPortal, problem


def test_a_submission_is_sent_once_with_its_reference_as_key(unit: Unit, portal: TrialPortal) -> None:
    owe_submission(unit)
    portal.replies = [Reply(lost=True)]
    with pytest.raises(SyncFailed):
        sync.drain_unit(unit, way(portal))
    assert sync.drain_unit(unit, way(portal)) == 1
    assert portal.submissions == {"K7QXM2PZA4CDEFGH": SUBMISSION}
    assert portal.requests[-1][1]["idempotency-key"] == "K7QXM2PZA4CDEFGH"
    with unit.reading() as conn:
        assert outbox.counts(conn) == {"pending": 0, "rejected": 0, "aside": 0}


def test_a_submission_that_a_proxy_cut_is_simply_sent_again(unit: Unit, portal: TrialPortal) -> None:
    owe_submission(unit)
    portal.replies = [problem(400, "not-json")] * (TRIES_ALONE - 1)
    assert sync.drain_unit(unit, way(portal)) == 1
    assert portal.submissions == {"K7QXM2PZA4CDEFGH": SUBMISSION}
    with unit.reading() as conn:
        assert outbox.counts(conn) == {"pending": 0, "rejected": 0, "aside": 0}


def test_a_submission_that_is_never_read_goes_to_the_list_and_holds_up_nothing(unit: Unit, portal: TrialPortal) -> None:
    owe_submission(unit)
    end_visits(unit, 1)
    portal.replies = [problem(400, "not-json")] * TRIES_ALONE
    assert sync.drain_unit(unit, way(portal)) == 2
    assert [path for path, _ in portal.requests] == ["POST /v1/submissions"] * TRIES_ALONE + ["POST /v1/events"]
    with unit.reading() as conn:
        (one,) = outbox.refused(conn)
    assert one.error == "unreadable: The portal could not read what was sent (not-json)."


@pytest.mark.parametrize(("status", "slug"), [(409, "reference-taken"), (413, "too-large"), (422, "invalid")])
def test_a_submission_that_was_read_and_is_not_taken_goes_to_the_list_at_once(
    unit: Unit, portal: TrialPortal, status: int, slug: str
) -> None:
    owe_submission(unit)
    portal.replies = [problem(status, slug)]
    assert sync.drain_unit(unit, way(portal)) == 1
    with unit.reading() as conn:
        (one,) = outbox.refused(conn)
    assert (one.error, len(portal.requests)) == (slug, 1)
