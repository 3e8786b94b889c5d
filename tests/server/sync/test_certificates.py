"""Certificates of both sides, and ways that are half set up."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from server import settings, sync
from server.errors import UnitError
from server.sync.adapters import SyncFailed
from server.sync.certificates import Validity
from server.unit import Unit
from tests.server.sync.https import end_visits, stored
from tests.server.sync.portals import TrialPortal

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begins", "ends", "word"), [(1, 400, "clock"), (-400, -1, "ended"), (-400, 10, "ends on"), (-1, 400, None)]
)
def test_a_certificate_that_does_not_fit_the_day_is_told_in_words(begins: int, ends: int, word: str | None) -> None:
    fault = Validity(NOW + timedelta(days=begins), NOW + timedelta(days=ends)).fault(NOW)
    assert (fault is None) == (word is None)
    assert word is None or word in (fault or "")


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def https_settings(folder: Path, url: str, authority: trustme.CA, **validity: datetime) -> settings.Settings:
    """The unit's settings with a client certificate of this authority in its `secrets/`."""
    (folder / "secrets").mkdir(exist_ok=True)
    own = authority.issue_cert(common_name="unit", **validity)
    own.cert_chain_pems[0].write_to_path(str(folder / "secrets/client.pem"))
    own.private_key_pem.write_to_path(str(folder / "secrets/client.key"))
    authority.cert_pem.write_to_path(str(folder / "secrets/ca.pem"))
    text = (folder / "unit.toml").read_text().split("[portal]")[0]
    table = (
        f'[portal]\nadapter = "https"\nurl = "{url}"\nca = "secrets/ca.pem"\n'
        'certificate = "secrets/client.pem"\nkey = "secrets/client.key"\n'
    )
    (folder / "unit.toml").write_text(text + table)
    return settings.load(folder)


def portal_of(authority: trustme.CA, **validity: datetime) -> TrialPortal:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", **validity).configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    return TrialPortal(context)


def test_both_sides_show_a_certificate(unit: Unit, authority: trustme.CA) -> None:
    visits = end_visits(unit, 2)
    portal = portal_of(authority)
    adapter = sync.adapter(https_settings(unit.folder, portal.url, authority), unit.folder)
    assert adapter is not None
    assert sync.drain_unit(unit, adapter) == 2
    assert stored(portal) == visits
    portal.close()


def test_a_portal_of_another_authority_gets_nothing(unit: Unit, authority: trustme.CA) -> None:
    end_visits(unit, 1)
    stranger = portal_of(trustme.CA())
    adapter = sync.adapter(https_settings(unit.folder, stranger.url, authority), unit.folder)
    assert adapter is not None
    with pytest.raises(SyncFailed, match="could not be reached"):
        sync.drain_unit(unit, adapter)
    assert stranger.events == {}
    stranger.close()


def test_a_clock_that_does_not_fit_the_portals_certificate_is_named(unit: Unit, authority: trustme.CA) -> None:
    end_visits(unit, 1)
    later = datetime.now(UTC) + timedelta(days=365)
    portal = portal_of(authority, not_before=later, not_after=later + timedelta(days=9))
    adapter = sync.adapter(https_settings(unit.folder, portal.url, authority), unit.folder)
    assert adapter is not None
    with pytest.raises(SyncFailed, match="clock"):
        sync.drain_unit(unit, adapter)
    portal.close()


def test_a_missing_certificate_file_stops_the_start_with_its_name(folder: Path, authority: trustme.CA) -> None:
    loaded = https_settings(folder, "https://portal.test", authority)
    (folder / "secrets/client.pem").unlink()
    with pytest.raises(UnitError, match=r"client\.pem"):
        sync.adapter(loaded, folder)


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ('adapter = "https"', "url"),
        ('adapter = "https"\nurl = "http://portal.test"', "url"),
        ('adapter = "https"\nurl = "https://portal.test"', "certificate"),
        ('adapter = "https"\nurl = "https://portal.test"\nkey = "k"', "go together"),
    ],
)
def test_a_way_that_is_half_set_up_is_refused_at_start(folder: Path, table: str, word: str) -> None:
    text = (folder / "unit.toml").read_text().split("[portal]")[0]
    (folder / "unit.toml").write_text(f"{text}[portal]\n{table}\n")
    with pytest.raises(settings.BadSettings, match=word):
        settings.load(folder)
