"""Sending all that is owed, batch by batch. What was sent stays settled whatever comes after; what was not stays owed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from portal import contract
from server.sync import outbox
from server.sync.adapters import Adapter, BatchRefused, Owed, Verdict

TRIES_ALONE = 5
"""An event or submission that is refused alone so often is to blame itself, and not a line that damages every so many bodies."""

SETTLED_AT_ONCE = 50
"""Deliveries settled in one transaction: a ticket that comes meanwhile waits for no longer a commit than this makes."""

Run = Callable[[Callable[[Any], Any]], Any]


def drain(
    adapter: Adapter, unit_id: str, read: Run, write: Run, go_on: Callable[[], bool] = lambda: True, size: int = contract.BATCH_SIZE
) -> int:
    """Send everything owed while `go_on`; how many events and submissions were settled. Raises SyncFailed.

    `read` and `write` run a function on a connection, `write` in a transaction. `go_on` is also called between two transactions,
    and may rest there. Submissions go first: a citizen waits for them.
    """
    sent = 0
    while go_on() and (one := read(outbox.owed_submission)):
        delivery, day, body = one
        _settle(write, go_on, [delivery], [_submit(adapter, body, day)])
        sent += 1
    while go_on() and (owed := read(lambda conn: outbox.owed_events(conn, unit_id, size))):
        _deliver(adapter, owed, write, go_on)
        sent += len(owed)
    return sent


def _submit(adapter: Adapter, body: Mapping[str, Any], day: str, tries: int = 1) -> Verdict:
    """One submission. Sent again when it can't be read, since it may have been damaged on its way; then a person looks at it."""
    try:
        return adapter.submit(body, day)
    except BatchRefused as error:
        return _submit(adapter, body, day, tries + 1) if tries < TRIES_ALONE else _unreadable(error)


def _unreadable(error: BatchRefused) -> Verdict:
    return Verdict("rejected", "unreadable", str(error))


def _deliver(adapter: Adapter, owed: Sequence[Owed], write: Run, go_on: Callable[[], bool], tries: int = 1) -> None:
    """One batch. Refused as a whole it is sent once more, since it may have been damaged on its way; then it is halved, down to the
    event that is to blame, which is kept for a person to look at."""
    try:
        verdicts = adapter.send(owed)
    except BatchRefused as error:
        if tries < (TRIES_ALONE if len(owed) == 1 else 2):
            _deliver(adapter, owed, write, go_on, tries + 1)
        elif len(owed) == 1:
            _settle(write, go_on, [owed[0].delivery], [_unreadable(error)])
        else:
            middle = len(owed) // 2
            _deliver(adapter, owed[:middle], write, go_on, tries)
            _deliver(adapter, owed[middle:], write, go_on, tries)
        return
    _settle(write, go_on, [one.delivery for one in owed], verdicts)


def _settle(write: Run, go_on: Callable[[], bool], deliveries: Sequence[int], verdicts: Sequence[Verdict]) -> None:
    """All of them, also when told to stop: what is not written down as sent is sent again."""
    for first in range(0, len(deliveries), SETTLED_AT_ONCE):
        if first:
            go_on()
        part = slice(first, first + SETTLED_AT_ONCE)
        write(partial(outbox.settle, deliveries=deliveries[part], verdicts=verdicts[part]))
