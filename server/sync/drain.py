"""Sending all that is owed, batch by batch. What was sent stays settled whatever comes after; what was not stays owed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from portal import contract
from server.sync import outbox
from server.sync.adapters import Adapter, BatchRefused, Owed, Verdict

TRIES_ALONE = 5
"""An event that is refused alone so often is to blame itself, and not a line that damages every so many bodies."""

Run = Callable[[Callable[[Any], Any]], Any]


def drain(
    adapter: Adapter, unit_id: str, read: Run, write: Run, go_on: Callable[[], bool] = lambda: True, size: int = contract.BATCH_SIZE
) -> int:
    """Send everything owed while `go_on`; how many events and submissions were settled. Raises SyncFailed.

    `read` and `write` run a function on a connection, `write` in a transaction. Submissions go first: a citizen waits for them.
    """
    sent = 0
    while go_on() and (one := read(outbox.owed_submission)):
        delivery, day, body = one
        _settle(write, [delivery], [adapter.submit(body, day)])
        sent += 1
    while go_on() and (owed := read(lambda conn: outbox.owed_events(conn, unit_id, size))):
        _deliver(adapter, owed, write)
        sent += len(owed)
    return sent


def _deliver(adapter: Adapter, owed: Sequence[Owed], write: Run, tries: int = 1) -> None:
    """One batch. Refused as a whole it is sent once more, since it may have been damaged on its way; then it is halved, down to the
    event that is to blame, which is kept for a person to look at."""
    try:
        verdicts = adapter.send(owed)
    except BatchRefused as error:
        if tries < (TRIES_ALONE if len(owed) == 1 else 2):
            _deliver(adapter, owed, write, tries + 1)
        elif len(owed) == 1:
            _settle(write, [owed[0].delivery], [Verdict("rejected", "unreadable", str(error))])
        else:
            middle = len(owed) // 2
            _deliver(adapter, owed[:middle], write, tries)
            _deliver(adapter, owed[middle:], write, tries)
        return
    _settle(write, [one.delivery for one in owed], verdicts)


def _settle(write: Run, deliveries: Sequence[int], verdicts: Sequence[Verdict]) -> None:
    write(partial(outbox.settle, deliveries=deliveries, verdicts=verdicts))
