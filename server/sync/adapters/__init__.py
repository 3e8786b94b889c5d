"""Ways to the portal. A new one is a module with a class of Adapter's shape and a line in `adapter()`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from server.errors import UnitError
from server.settings import PortalSettings, Settings

TAKEN = frozenset({"stored", "duplicate"})


class SyncFailed(UnitError):
    """Nothing was taken over; everything stays owed. `message` is an English msgid with `%(name)s` places for `params`;
    `retry_after_s` is what the portal asked for, in seconds."""

    def __init__(self, message: str, *, retry_after_s: float | None = None, **params: Any) -> None:
        super().__init__(message % params if params else message)
        self.message, self.params, self.retry_after_s = message, params, retry_after_s


class SyncPaused(SyncFailed):
    """The portal does not let this unit in, or there is nothing at its address: a person must act before it is tried again."""


class BatchRefused(SyncFailed):
    """The portal can't read this batch (400, 413) or submission (400) as it came: a batch is halved, down to the event that is to
    blame; what is refused alone too often is kept for a person to look at."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One event that the portal has not had yet; `day` is its local day."""

    delivery: int
    day: str
    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one event or submission: `stored`, `duplicate`, `conflict` or `rejected`, with the portal's reason; `carried`
    is a submission in a file that somebody takes to the portal."""

    verdict: str
    reason: str = ""
    detail: str = ""

    @property
    def taken(self) -> bool:
        return self.verdict in TAKEN

    def told(self) -> str:
        return ": ".join(word for word in (self.reason or self.verdict, self.detail) if word)


STORED = Verdict("stored")
CARRIED = Verdict("carried")


class Adapter(Protocol):
    """A way to the portal. Everything may be called again with the same arguments."""

    def send(self, owed: Sequence[Owed]) -> list[Verdict]:
        """Take over at most contract.BATCH_SIZE events of one epoch, in order; one verdict each. Raises SyncFailed."""

    def submit(self, body: Mapping[str, Any], day: str) -> Verdict:
        """Take over one sealed submission. Raises SyncFailed, BatchRefused when it can't be read as it came."""

    def stage(self, reference: str) -> Mapping[str, Any] | None:
        """How far a submission is, as the contract's stage; None when this way can't ask or it is not known. Raises SyncFailed."""

    def keys(self) -> Sequence[Mapping[str, Any]] | None:
        """The portal's public keys; None when this way can't ask. Raises SyncFailed."""


def adapter(settings: Settings, folder: Path) -> Adapter | None:
    """The way that `unit.toml` names, None for `none`. Raises UnitError when its files can't be read."""
    from server.sync.adapters.folder import FolderAdapter
    from server.sync.adapters.https import HttpsAdapter

    makers: dict[str, Callable[[PortalSettings], Adapter | None]] = {
        "none": lambda _: None,
        "folder": lambda portal: FolderAdapter.of(portal, settings.unit.id, folder),
        "https": lambda portal: HttpsAdapter.of(portal, settings.unit.id, folder),
    }
    return makers[settings.portal.adapter](settings.portal)
