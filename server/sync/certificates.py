"""The unit's certificate for the portal: from when until when, and what is wrong with it in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.errors import N_, UnitError

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Validity:
    """A certificate is good from `begins` until `ends`, both UTC."""

    begins: datetime
    ends: datetime

    def fault(self, now: datetime) -> str | None:
        """What is wrong at `now`, as an English msgid with %(begins)s and %(ends)s; None when nothing is."""
        if now < self.begins:
            return N_("This machine's clock is before the beginning of the portal certificate (%(begins)s): set the clock.")
        if now >= self.ends:
            return N_("The unit's certificate for the portal ended on %(ends)s: ask the portal's operator for a new one.")
        if now >= self.ends - SOON:
            return N_("The unit's certificate for the portal ends on %(ends)s: ask the portal's operator for a new one now.")
        return None

    def params(self) -> dict[str, str]:
        return {"begins": f"{self.begins:%Y-%m-%d}", "ends": f"{self.ends:%Y-%m-%d}"}


def read(path: Path) -> Validity:
    """The validity of a PEM certificate; raises UnitError."""
    from cryptography import x509

    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise UnitError(f"The certificate {path} can't be read: {error}.") from error
    return Validity(certificate.not_valid_before_utc.astimezone(UTC), certificate.not_valid_after_utc.astimezone(UTC))
