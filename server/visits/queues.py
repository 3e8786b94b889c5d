"""The queue of a service as SQL asks for it: who waits and was sent to nobody, by class (`legs.queue_class`)."""

from __future__ import annotations

QUEUED = "state = 'waiting' AND for_counter IS NULL AND for_clerk IS NULL"
"""The condition of the indexes `legs_queued`, `legs_queued_since` and `legs_convened`."""

PREFERRED, ORDINARY, CONVENED = "preferred", "ordinary", "convened"


def classes(*names: str) -> str:
    """A table of these classes in one column, `class`, to seek the first of each."""
    return " UNION ALL ".join(f"SELECT '{name}' AS class" for name in names)
