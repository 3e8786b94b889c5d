"""What one process of the portal holds: settings, connections, keys, a clock. Everything else is in PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass

from portal.clock import Clock
from portal.keys import Keys
from portal.settings import Settings
from portal.store.database import Pool


@dataclass(frozen=True, slots=True)
class Portal:
    settings: Settings
    pool: Pool
    keys: Keys
    clock: Clock
