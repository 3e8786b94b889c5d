"""Certificates: believed from a trusted proxy alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import units
from portal.app import make_app
from portal.errors import PortalError
from portal.store.database import Connection
from tests.portal.sender import Sender

SUBJECT, PRINT = "X-Client-Subject", "X-Client-Fingerprint"


@pytest.fixture
def behind(folder: Path, app: Flask, sender: Sender) -> FlaskClient:
    """The same portal, told to believe its TLS terminator."""
    path = folder / "portal.toml"
    path.write_text(
        path.read_text().replace(
            '# certificate_header = "X-Client-Subject"', f'certificate_header = "{SUBJECT}"\nfingerprint_header = "{PRINT}"'
        )
    )
    made = make_app(folder)
    made.extensions["portal"].pool.close()
    made.extensions["portal"] = app.extensions["portal"].__class__(
        made.extensions["portal"].settings, *(getattr(app.extensions["portal"], name) for name in ("pool", "keys", "clock"))
    )
    return made.test_client()


def status(client: FlaskClient, subject: str, address: str = "127.0.0.1", fingerprint: str = "") -> int:
    headers = {SUBJECT: subject, PRINT: fingerprint}
    return client.get("/v1", headers=headers, environ_overrides={"REMOTE_ADDR": address}).status_code


def test_a_certificate_is_believed_from_the_trusted_proxy_alone(behind: FlaskClient, sender: Sender, conn: Connection) -> None:
    subject = f"CN={sender.unit},O=Commune de Rabat,C=MA"
    assert status(behind, subject) == 401, "not registered for certificates"
    units.trust_certificate(conn, sender.unit, None)
    assert status(behind, subject) == 200
    assert status(behind, subject, address="192.0.2.7") == 401
    assert status(behind, "O=x,CN=nobody") == 401
    assert status(behind, f"CN={sender.unit},CN=other") == 401
    assert status(behind, f"O=x\\,CN={sender.unit}") == 401, "a comma inside a value is no separator"
    units.suspend(conn, sender.unit, True)
    assert status(behind, subject) == 403
    units.suspend(conn, sender.unit, False)
    units.revoke(conn, sender.unit)
    assert status(behind, subject) == 401


def test_a_pinned_certificate_is_the_only_one(behind: FlaskClient, sender: Sender, conn: Connection) -> None:
    units.trust_certificate(conn, sender.unit, "AB:CD:EF")
    assert status(behind, f"CN={sender.unit}", fingerprint="abcdef") == 200
    assert status(behind, f"CN={sender.unit}", fingerprint="abcdee") == 401
    assert status(behind, f"CN={sender.unit}") == 401


def test_a_header_is_nothing_without_the_setting(sender: Sender, conn: Connection) -> None:
    units.trust_certificate(conn, sender.unit, None)
    assert status(sender.client, f"CN={sender.unit}") == 401


@pytest.mark.parametrize("name", ["", "Rabat", "a b", "-a", "a" * 65, "a/b"])
def test_a_units_id_is_a_word(conn: Connection, name: str) -> None:
    with pytest.raises(PortalError, match="no unit's id"):
        units.add(conn, name, "x", "x")
