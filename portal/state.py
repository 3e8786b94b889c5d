"""What one process of the portal holds: settings, connections, keys, a clock. Everything else is in PostgreSQL."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from flask import current_app
from psycopg_pool import PoolTimeout

from portal.clock import Clock
from portal.errors import Busy
from portal.keys import Keys
from portal.settings import Settings
from portal.store.database import Connection, Pool

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Portal:
    settings: Settings
    pool: Pool
    keys: Keys
    clock: Clock


def portal() -> Portal:
    found = current_app.extensions["portal"]
    assert isinstance(found, Portal)
    return found


@contextmanager
def connection() -> Iterator[Connection]:
    """A connection for this request; a database that fails or is away is Busy, and the unit comes again."""
    try:
        with portal().pool.connection() as conn:
            yield conn
    except (psycopg.OperationalError, PoolTimeout) as error:
        log.warning("the database can't: %s", type(error).__name__)
        raise Busy from error
