"""A portal on a real PostgreSQL, and a unit that talks to it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal import keys, settings, units
from portal.app import make_app
from portal.store.database import DAYS_AHEAD, Connection, connect, migrate, partition_of, partitions
from tests.portal.postgres import Postgres
from tests.portal.sender import Sender


class PortalClock:
    """A clock that is the real one until it is moved."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with tempfile.TemporaryDirectory(prefix="istiqbal-postgres-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        cluster = Postgres(Path(name) / "cluster", {"fsync": "off"})
        cluster.start()
        yield cluster
        cluster.stop()


TABLES = "units, tokens, streams, gaps, incidents, events, figures, submissions, officers, sign_ins, steps, comment_looks"


@pytest.fixture(scope="session")
def database(postgres: Postgres) -> str:
    """The URL of a migrated database, shared by the tests; each begins with empty tables."""
    url = postgres.database("portal")
    with connect(url) as conn:
        migrate(conn)
    return url


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    """A portal's folder with settings and a key; its database is empty."""
    path = tmp_path / "portal"
    settings.write_new(path, database)
    keys.rotate(path, datetime.now(UTC) - timedelta(days=1))
    with connect(database) as conn:
        conn.execute(f"TRUNCATE {TABLES}")
        for day in partitions(conn):
            if day > datetime.now(UTC).date() + timedelta(days=DAYS_AHEAD):
                conn.execute(f"DROP TABLE {partition_of(day)}")
    return path


@pytest.fixture
def conn(folder: Path) -> Iterator[Connection]:
    made = connect(settings.load(folder).database)
    yield made
    made.close()


@pytest.fixture
def portal_clock() -> PortalClock:
    return PortalClock()


@pytest.fixture
def app(folder: Path, portal_clock: PortalClock) -> Iterator[Flask]:
    made = make_app(folder, portal_clock)
    yield made
    made.extensions["portal"].pool.close()


@pytest.fixture
def sender(app: Flask, conn: Connection) -> Sender:
    """A registered unit that holds a token."""
    units.add(conn, "rabat-annexe-6", "الملحقة السادسة", "Commune de Rabat")
    return Sender(app.test_client(), "rabat-annexe-6", units.new_secret(conn, "rabat-annexe-6"))
