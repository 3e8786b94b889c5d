"""One table of transitions; whatever is not in it is refused."""

from __future__ import annotations

import pytest

from server import lifecycle
from server.errors import IllegalTransition
from server.lifecycle import Action, Desk, State

DESIGN = {
    "waiting": {"call": "called", "park": "parked", "cancel": "cancelled", "expire": "expired"},
    "called": {
        "recall": "called",
        "start": "serving",
        "no-show": "no_show",
        "park": "parked",
        "transfer": "transferred",
    },
    "serving": {"finish": "served", "park": "parked", "transfer": "transferred"},
    "no_show": {"recycle": "waiting"},
    "parked": {"resume": "waiting", "call": "called", "cancel": "cancelled", "expire": "expired"},
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("action", list(Action))
def test_it_allows_what_the_design_says_and_nothing_else(state: State, action: Action) -> None:
    wanted = DESIGN.get(str(state), {}).get(str(action))
    if wanted is None:
        with pytest.raises(IllegalTransition) as refusal:
            lifecycle.after(state, action)
        assert refusal.value.params == {"action": str(action), "state": str(state)}
    else:
        assert lifecycle.after(state, action) == wanted


def test_it_names_an_event_in_the_past_tense_for_every_action() -> None:
    assert set(lifecycle.EVENT_OF) == set(Action)
    assert len(set(lifecycle.EVENT_OF.values())) == len(Action)


def test_it_opens_pauses_and_closes_a_counter_in_the_right_order_only() -> None:
    assert lifecycle.desk_after(Desk.CLOSED, "open") is Desk.OPEN
    assert lifecycle.desk_after(Desk.OPEN, "pause") is Desk.PAUSED
    with pytest.raises(IllegalTransition):
        lifecycle.desk_after(Desk.CLOSED, "pause")
