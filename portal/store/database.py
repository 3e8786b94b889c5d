"""The portal's PostgreSQL: connections for the processes, migrations, and the partitions of a day each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql
from psycopg_pool import ConnectionPool

from portal.errors import PortalError
from portal.store.migrations import MIGRATIONS

LEAST_VERSION = 150000
MIGRATION_LOCK = 7_466_001
"""The advisory lock under which one process at a time migrates or makes partitions."""
DAYS_AHEAD = 3

Connection = psycopg.Connection[tuple[Any, ...]]
Pool = ConnectionPool[Connection]


def connect(url: str) -> Connection:
    """A connection of its own, committing each statement unless in a transaction; raises PortalError."""
    try:
        return psycopg.connect(url, autocommit=True, options="-c timezone=UTC -c synchronous_commit=on", connect_timeout=10)
    except psycopg.OperationalError as error:
        raise PortalError(f"The portal's database can't be reached: {str(error).strip().splitlines()[-1]}") from error


def open_pool(url: str, size: int) -> Pool:
    """Connections for the threads of one process; opened at first need, so that a process starts without a database."""
    settings = {"autocommit": True, "options": "-c timezone=UTC -c synchronous_commit=on", "connect_timeout": 5}
    return ConnectionPool(
        url, min_size=1, max_size=size, timeout=5, kwargs=settings, open=True, connection_class=psycopg.Connection
    )


def migrate(conn: Connection) -> int:
    """Apply what is missing, each step in a transaction; returns how many steps were applied. Raises PortalError."""
    if conn.info.server_version < LEAST_VERSION:
        raise PortalError("The portal needs PostgreSQL 15 or newer.")
    conn.execute("SELECT pg_advisory_lock(%s)", (MIGRATION_LOCK,))
    try:
        conn.execute(
            "CREATE TABLE IF NOT EXISTS migrations (step integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        row = conn.execute("SELECT COALESCE(max(step), 0) FROM migrations").fetchone()
        done = int(row[0]) if row else 0
        if done > len(MIGRATIONS):
            raise PortalError("This database belongs to a newer portal; install that version.")
        for number, step in enumerate(MIGRATIONS[done:], done + 1):
            with conn.transaction():
                step(conn)
                conn.execute("INSERT INTO migrations(step) VALUES (%s)", (number,))
        make_partitions(conn, datetime.now(UTC).date())
    finally:
        conn.execute("SELECT pg_advisory_unlock(%s)", (MIGRATION_LOCK,))
    return len(MIGRATIONS) - done


def partition_of(day: date) -> str:
    return f"events_{day:%Y_%m_%d}"


def partitions(conn: Connection) -> list[date]:
    """The days that have a partition of their own."""
    rows = conn.execute(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = 'events'::regclass AND c.relname ~ '^events_[0-9_]{10}$' ORDER BY 1"
    )
    return [date.fromisoformat(name.removeprefix("events_").replace("_", "-")) for (name,) in rows]


def make_partitions(conn: Connection, today: date, behind: int = 7) -> int:
    """One partition for each UTC day from `behind` days ago until DAYS_AHEAD; returns how many were made.

    What a bad clock has put into the default partition for such a day moves over in the same transaction.
    """
    have = set(partitions(conn))
    missing = [today + timedelta(days=n) for n in range(-behind, DAYS_AHEAD + 1) if today + timedelta(days=n) not in have]
    for day in missing:
        with conn.transaction():
            _make_partition(conn, day)
    return len(missing)


def _make_partition(conn: Connection, day: date) -> None:
    name, bounds = sql.Identifier(partition_of(day)), (day.isoformat(), (day + timedelta(days=1)).isoformat())
    conn.execute("LOCK TABLE events IN SHARE ROW EXCLUSIVE MODE")
    conn.execute(sql.SQL("CREATE TABLE {} (LIKE events INCLUDING DEFAULTS)").format(name))
    conn.execute(
        sql.SQL(
            "WITH moved AS (DELETE FROM events_other WHERE at >= {0} AND at < {1} RETURNING *) INSERT INTO {2} SELECT * FROM moved"
        ).format(*(sql.Literal(bound) for bound in bounds), name)
    )
    bound = [sql.Literal(one) for one in bounds]
    conn.execute(sql.SQL("ALTER TABLE events ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})").format(name, *bound))


def drop_partitions(conn: Connection, before: date) -> list[date]:
    """Drop the raw events of the days before `before`; the figures stay. Returns the days dropped."""
    old = [day for day in partitions(conn) if day < before]
    for day in old:
        conn.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(partition_of(day))))
    conn.execute("DELETE FROM events_other WHERE at < %s", (before,))
    return old
