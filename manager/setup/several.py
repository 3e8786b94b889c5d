"""Adding counters by the dozen: a run of numbers with one work profile."""

from __future__ import annotations

from typing import Any

from manager.setup.fields import Typed, number
from server import editing
from server.editing import Change, Editor, made, refusals
from server.editing.work_profiles import Counter, free_counter_id
from server.visits import Caller


def add_counters(editor: Editor, conn: Any, who: Caller, typed: Typed) -> list[Change]:
    """Add those from `first` to `last` that are not there; raises what is wrong with the form."""
    first, last = _end(typed, "first"), _end(typed, "last")
    if last < first:
        raise refusals.RangeBackwards
    profile = typed.get("profile") or None
    before = after = editing.read(conn)
    if profile is not None and before.find("work_profiles", profile) is None:
        raise refusals.NoSuchWorkProfile(profile=profile)
    there = {one.number for one in before.of(Counter)}
    taken = {row[0] for row in conn.execute("SELECT id FROM counters")}
    for wanted in range(first, last + 1):
        if wanted not in there:
            taken.add(id := free_counter_id(taken, wanted))
            after = after.having("counters", Counter(id=id, number=wanted, profile=profile))
    return editor.become(conn, who, before, after)


def _end(typed: Typed, name: str) -> int:
    found = made(Counter, {"id": 1, "number": number(typed, name)}, "counters")
    if isinstance(found, list):
        raise found[0].refusal
    return found.number
