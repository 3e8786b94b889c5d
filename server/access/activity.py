"""When sessions and devices were last seen, kept in memory and written down now and then: not a write for each request."""

from __future__ import annotations

from typing import Any

WRITE_EVERY_MS = 5 * 60 * 1000


class Activity:
    """Proof → UTC milliseconds of its last request or of the last look at its open screen."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}
        self._written: dict[str, int] = {}

    def seen(self, proof: str, at: int) -> None:
        """This session or token is used now."""
        self._seen[proof] = at

    def last(self, proof: str) -> int | None:
        """When it was last seen since this server's start."""
        return self._seen.get(proof)

    def due(self, every_ms: int = WRITE_EVERY_MS) -> dict[str, int]:
        """What is to be written: seen, and not written for so long."""
        return {proof: at for proof, at in self._seen.copy().items() if at - self._written.get(proof, 0) >= every_ms}

    def write(self, conn: Any, times: dict[str, int]) -> None:
        """Write these down; inside a transaction of the writer."""
        for proof, at in times.items():
            kind, _, key = proof.partition(":")
            if kind == "session":
                conn.execute("UPDATE sessions SET seen_at = MAX(seen_at, ?) WHERE hash = ?", (at, key))
            else:
                conn.execute("UPDATE tokens SET last_seen_at = ? WHERE id = ?", (at, int(key)))

    def written(self, times: dict[str, int]) -> None:
        """They are committed. Whoever was not seen since they were written long ago is forgotten."""
        self._written.update(times)
        newest = max(times.values(), default=0)
        for proof, at in list(self._written.items()):
            if newest - at > 24 * 3600 * 1000:
                self._written.pop(proof)
                self._seen.pop(proof, None)
