"""`unit.toml`: what an installer decides, read once at start; an unknown key or a wrong value is an error naming the key."""

from __future__ import annotations

import tomllib
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from printers.devices import PrinterConfig, PrinterConfigError
from server.errors import UnitError

UNIT_FILE = "unit.toml"
STORE_FILE = "unit.db"

Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]


PORTAL_ADDRESS = r"^(https://[^\s/]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)(/[^\s]*)?$"
"""In plain http only to this machine itself."""


class BadSettings(UnitError):
    """`unit.toml` is missing or wrong; the sentence names the key."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)


class UnitSettings(_Table):
    """Who this unit is; `id` is the source of its events at the portal."""

    id: Word
    name: dict[Literal["ar", "zgh", "fr", "en"], Annotated[str, Field(min_length=1, max_length=120)]]
    timezone: str = "Africa/Casablanca"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"“{value}” is no time zone; use a name such as Africa/Casablanca") from error
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class ServerSettings(_Table):
    """Where the server listens; `threads` bounds requests and websockets together.

    `public_url` is where a visitor's phone reaches the server; without it tickets carry no QR code. `trusted_proxies` are the
    addresses or networks of reverse proxies whose `X-Forwarded-*` headers are believed.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    threads: Annotated[int, Field(ge=16, le=4096)] = 320
    secure_cookies: bool = False
    trusted_proxies: list[str] = []
    public_url: Annotated[str, Field(pattern=r"^https?://[^\s/]+(/[^\s]*)?$")] | None = None

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, value: list[str]) -> list[str]:
        for one in value:
            try:
                ip_network(one)
            except ValueError as error:
                raise ValueError(f"“{one}” is no address or network; write 127.0.0.1 or 192.168.1.0/24") from error
        return value

    @property
    def proxies(self) -> list[IPv4Network | IPv6Network]:
        return [ip_network(one) for one in self.trusted_proxies]


class LimitSettings(_Table):
    """How often a minute one device, session or address may ask, have a ticket, and rate or write; how many unknown visits and
    references an address may ask for. 0: no limit."""

    tickets_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 120
    words_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 30
    requests_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 6000
    misses_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 60


class AccessSettings(_Table):
    """A session in which nothing is done for `idle_minutes`, and of which no screen is open, ends."""

    idle_minutes: Annotated[int, Field(ge=5, le=720)] = 60


class KioskSettings(_Table):
    """A kiosk is known by the name in its device token; `second_printer` takes over when `printer` can't print."""

    name: Word
    printer: Word | None = None
    second_printer: Word | None = None


class PrintingSettings(_Table):
    """A ticket that could not be printed within `keep_s` seconds is not printed at all."""

    keep_s: Annotated[int, Field(ge=10, le=86400)] = 600


class BoardSettings(_Table):
    """A serial LED board: its make (`display/boards`), its line, and the counters whose calls it shows (none: all).

    `baud` is the make's usual one when left out; `address` is the board's own on a shared line, 0 for all boards on it.
    """

    name: Word
    make: Literal["alpha", "plain"]
    port: Annotated[str, Field(min_length=1, max_length=200)]
    baud: Annotated[int, Field(ge=300, le=921600)] | None = None
    address: Annotated[int, Field(ge=0, le=99)] = 0
    counters: frozenset[Annotated[int, Field(ge=1, le=9999)]] = frozenset()

    @field_validator("counters", mode="before")
    @classmethod
    def _as_set(cls, value: Any) -> Any:
        return frozenset(value) if isinstance(value, list) else value


class MailSettings(_Table):
    """The mail server that takes scheduled reports."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 25
    starttls: bool = False
    user: str | None = None
    password: str = ""
    sender: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
    to: Annotated[list[Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]], Field(min_length=1)]


class ReportSettings(_Table):
    """Reports that are sent by themselves: `every` night or month, into `folder` (below the unit's unless absolute) or by mail."""

    every: Literal["never", "night", "month"] = "never"
    format: Literal["pdf", "xlsx", "excel"] = "pdf"
    language: Literal["ar", "zgh", "fr"] = "ar"
    folder: str | None = None
    mail: MailSettings | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> ReportSettings:
        if self.every != "never" and self.folder is None and self.mail is None:
            raise ValueError("set folder, or a [reports.mail] table, for the reports that are to be sent")
        return self


class PortalSettings(_Table):
    """The way to the portal. Files are named relative to the unit's folder.

    `https`: at `url`, signed in with a client certificate (`certificate` and `key`, PEM) or with `client_secret_file` (OAuth2
    client credentials, the unit's id being the client); `ca` is the authority that the portal's own certificate is checked against
    (the system's when left out), `proxy` an HTTP proxy. `folder` writes signed files at `path`. `none` sends nothing.
    """

    adapter: Literal["https", "folder", "none"] = "none"
    path: str | None = None
    every_s: Annotated[int, Field(ge=1, le=86400)] = 60
    batch_size: Annotated[int, Field(ge=1, le=500)] = 500
    retry_longest_s: Annotated[int, Field(ge=1, le=3600)] = 600
    url: Annotated[str, Field(pattern=r"^(https://[^\s/]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)(/[^\s]*)?$")] | None = (
        None
    )
    certificate: str | None = None
    key: str | None = None
    ca: str | None = None
    client_secret_file: str | None = None
    proxy: Annotated[str, Field(pattern=r"^https?://[^\s/]+/?$")] | None = None

    @model_validator(mode="after")
    def _way_in(self) -> PortalSettings:
        if self.adapter != "https":
            return self
        if self.url is None:
            raise ValueError("portal.url is missing: the adapter “https” needs the portal's address")
        if (self.certificate is None) != (self.key is None):
            raise ValueError("portal.certificate and portal.key go together")
        if self.certificate is None and self.client_secret_file is None:
            raise ValueError("portal.certificate with portal.key, or portal.client_secret_file, says who the unit is")
        return self


class FeedbackSettings(_Table):
    """`local_key`: a public key (JWK file, relative to the unit's folder) to which submissions are sealed a second time."""

    local_key: Annotated[str, Field(min_length=1)] | None = None


class BackupSettings(_Table):
    """Where backups go: folders (relative ones inside the unit's) and `ssh://user@host/folder`.

    `key` is an age recipient (`age1…`); without it backups are not sealed. A last good backup older than `warn_after_h` hours
    is a warning.
    """

    to: list[Annotated[str, Field(min_length=1)]] = ["backups"]
    key: Annotated[str, Field(pattern=r"^age1[0-9a-z]+$")] | None = None
    keep_days: Annotated[int, Field(ge=1, le=3660)] = 14
    keep_months: Annotated[int, Field(ge=0, le=120)] = 12
    warn_after_h: Annotated[int, Field(ge=1, le=8760)] = 26


class StandbySettings(_Table):
    """The second PC's folder that follows the database: `sftp://user@host/folder`, or a folder that is mounted here."""

    to: Annotated[str, Field(min_length=1)] | None = None


class Settings(_Table):
    """All of `unit.toml`."""

    unit: UnitSettings
    server: ServerSettings = ServerSettings()
    limits: LimitSettings = LimitSettings()
    access: AccessSettings = AccessSettings()
    printers: list[PrinterConfig] = []
    kiosks: list[KioskSettings] = []
    boards: list[BoardSettings] = []
    printing: PrintingSettings = PrintingSettings()
    portal: PortalSettings = PortalSettings()
    reports: ReportSettings = ReportSettings()
    feedback: FeedbackSettings = FeedbackSettings()
    backup: BackupSettings = BackupSettings()
    standby: StandbySettings = StandbySettings()

    @field_validator("printers", mode="before")
    @classmethod
    def _printer_tables(cls, tables: Any) -> list[PrinterConfig]:
        if not isinstance(tables, list):
            raise ValueError("write each printer as a [[printers]] table")
        try:
            return [t if isinstance(t, PrinterConfig) else PrinterConfig.from_mapping(t) for t in tables]
        except PrinterConfigError as error:
            raise ValueError(str(error)) from error

    @model_validator(mode="after")
    def _names_fit(self) -> Settings:
        names = [printer.name for printer in self.printers]
        tables = {"printers": names, "kiosks": [one.name for one in self.kiosks], "boards": [one.name for one in self.boards]}
        for table, all_names in tables.items():
            if len(set(all_names)) < len(all_names):
                raise ValueError(f"two [[{table}]] have the same name")
        for kiosk in self.kiosks:
            for printer in (kiosk.printer, kiosk.second_printer):
                if printer is not None and printer not in names:
                    raise ValueError(f"kiosks: {kiosk.name} names the printer “{printer}”, which is no [[printers]] table")
        return self

    def printer_of(self, kiosk: str) -> str | None:
        """The printer of a kiosk by name; of an unnamed one, the unit's printer if it has just one."""
        for entry in self.kiosks:
            if entry.name == kiosk:
                return entry.printer
        return self.printers[0].name if len(self.printers) == 1 else None

    def second_printer_of(self, kiosk: str) -> str | None:
        """The printer that takes over when a kiosk's own can't print."""
        return next((entry.second_printer for entry in self.kiosks if entry.name == kiosk), None)


def load(folder: Path) -> Settings:
    """The settings in `folder/unit.toml`; raises BadSettings with one sentence."""
    path = folder / UNIT_FILE
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadSettings(f"{path} does not exist; make a unit with: istiqbal init {folder}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} can't be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{path} is not valid TOML: {error}.") from error
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        raise BadSettings(f"{path}: {_sentence(error)}") from error


def _sentence(error: ValidationError) -> str:
    """The first fault, named by its key."""
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"] if part != "[key]")
    if first["type"] == "extra_forbidden":
        return f"unknown key “{key}”."
    if first["type"] == "missing":
        return f"the key “{key}” is missing."
    text = first["msg"].removeprefix("Value error, ")
    return f"{key}: {text}." if key else f"{text}."
