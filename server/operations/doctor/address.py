"""The address at which telephones reach the unit by https: whether its certificate is still good."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from server.errors import N_
from server.operations.doctor.findings import Finding
from server.settings import Settings

PATIENCE_S = 3.0
SOON = timedelta(days=21)


def look(settings: Settings, now: datetime | None = None) -> Iterator[Finding]:
    """Nothing where `public_url` is not https. Who signed the certificate is not judged: browsers do, each for itself."""
    address = settings.server.public_url or ""
    if not address.startswith("https://"):
        return
    params = {"address": address}
    renew = N_("Renew it in the reverse proxy: docs/reverse-proxy.md.")
    try:
        ends = _ends(address)
    except (OSError, ValueError) as error:
        message = N_("Nobody answers by https at %(address)s.")
        yield Finding("warning", message, N_("Look at the reverse proxy: docs/reverse-proxy.md."), params, str(error))
        return
    params["ends"] = f"{ends:%Y-%m-%d}"
    left = ends - (now or datetime.now(UTC))
    if left <= timedelta(0):
        yield Finding("fault", N_("The certificate of %(address)s ended on %(ends)s."), renew, params)
    elif left <= SOON:
        yield Finding("warning", N_("The certificate of %(address)s ends on %(ends)s."), renew, params)
    else:
        yield Finding("good", N_("The certificate of %(address)s is good until %(ends)s."), params=params)


def _ends(address: str) -> datetime:
    """Until when the certificate shown at an https address is good, UTC."""
    from cryptography import x509

    parts = urlsplit(address)
    host = parts.hostname or ""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((host, parts.port or 443), timeout=PATIENCE_S) as line,
        context.wrap_socket(line, server_hostname=host) as secured,
    ):
        shown = secured.getpeercert(binary_form=True) or b""
    return x509.load_der_x509_certificate(shown).not_valid_after_utc.astimezone(UTC)
