"""One `[[printers]]` table of unit.toml, read once and checked at start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from printers import profiles
from printers.errors import PrinterConfigError
from printers.profiles import Profile


@dataclass(frozen=True)
class PrinterConfig:
    """What an installer decides about a printer. Which keys belong to which transport: `devices.TRANSPORTS`."""

    name: str
    transport: str
    width_dots: int | None = None
    """Dots across the paper: 576 on 80 mm, 384 on 58 mm. None: what the profile says."""
    profile: str = "default"
    native_text: bool | None = None
    native_qr: bool | None = None
    graphics: str = "raster"
    """`raster`, or `stored` where the printer keeps pictures in its own memory."""
    cut: str | None = None
    answers: str = "auto"
    """Whether the printer answers status requests: `yes`, `no`, or `auto` (found out)."""
    confirm: str = "auto"
    """How a ticket is confirmed: `process-id` (GS ( H), `status` (GS r), `none`, or `auto` (by the profile)."""
    timeout: float = 10.0
    """Seconds without any progress after which sending is given up, and that a ticket may take to come out."""
    answer_timeout: float = 1.0
    """Seconds to wait for a status answer."""
    host: str = ""
    port: int = 9100
    device: str = ""
    baudrate: int = 9600
    flow: str = "rtscts"
    vendor_id: int = 0
    product_id: int = 0
    folder: str = ""

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> PrinterConfig:
        """Reads a table; raises PrinterConfigError naming the key that is unknown, missing or wrong."""
        from printers.devices import TRANSPORTS

        name = _value("name", mapping.get("name", ""))
        transport = mapping.get("transport")
        if not isinstance(transport, str) or transport not in TRANSPORTS:
            known = ", ".join(TRANSPORTS)
            raise PrinterConfigError("transport", f'Printer "{name}": transport = {_shown(transport)} is not one of {known}.')
        chosen = TRANSPORTS[transport]
        _refuse_unknown(str(name), transport, mapping, (*COMMON, *chosen.required, *chosen.optional))
        for key in chosen.required:
            if key not in mapping:
                raise PrinterConfigError(key, f'Printer "{name}": {key} is missing; transport {transport} needs it.')
        values: dict[str, Any] = {**chosen.defaults}
        values.update({key: _value(key, value, str(name)) for key, value in mapping.items() if key != "transport"})
        config = cls(transport=transport, **values)
        config.printer_profile()
        return config

    def patience(self, length: int) -> float:
        """Seconds to wait for the confirmation of a job of so many bytes: what the line itself takes comes on top."""
        return self.timeout + (length * 10 / self.baudrate if self.transport == "serial" else 0.0)

    def printer_profile(self) -> Profile:
        """The profile with this table's choices over it; raises PrinterConfigError."""
        try:
            profile = profiles.load(self.profile, self.width_dots)
        except PrinterConfigError as error:
            raise PrinterConfigError(error.key, f'Printer "{self.name}": {error}') from None
        changes: dict[str, Any] = {"stored_graphics": self.graphics == "stored"}
        for key in ("native_text", "native_qr", "cut"):
            if (value := getattr(self, key)) is not None:
                changes[key] = value
        return replace(profile, **changes)


def _text(value: Any) -> Any:
    return value if isinstance(value, str) and value.strip() else None


def _bool(value: Any) -> Any:
    return value if isinstance(value, bool) else None


def _whole(low: int, high: int) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return value if whole and low <= value <= high else None

    return check


def _seconds(value: Any) -> Any:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if number and 0.05 <= value <= 300 else None


def _one_of(*choices: str) -> Callable[[Any], Any]:
    return lambda value: value if value in choices else None


def _width(value: Any) -> Any:
    whole = _whole(200, 1024)(value)
    return whole if whole is not None and whole % 8 == 0 else None


#: Each key: what it must be, in words for the person who mistyped it, and the check.
KEYS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "name": ("a word", _text),
    "width_dots": ("a multiple of 8 from 200 to 1024 (576 on 80 mm paper, 384 on 58 mm)", _width),
    "profile": ("the name of a printer profile", _text),
    "native_text": ("true or false", _bool),
    "native_qr": ("true or false", _bool),
    "graphics": ('"raster" or "stored"', _one_of("raster", "stored")),
    "cut": ('"partial", "full" or "none"', _one_of("partial", "full", "none")),
    "answers": ('"auto", "yes" or "no"', _one_of("auto", "yes", "no")),
    "confirm": ('"auto", "process-id", "status" or "none"', _one_of("auto", "process-id", "status", "none")),
    "timeout": ("a number of seconds from 0.05 to 300", _seconds),
    "answer_timeout": ("a number of seconds from 0.05 to 300", _seconds),
    "host": ("a host name or an address", _text),
    "port": ("a number from 1 to 65535", _whole(1, 65535)),
    "device": ("the path of a device (or rfc2217://host:port or socket://host:port on a serial line)", _text),
    "baudrate": ("a number from 300 to 4000000", _whole(300, 4_000_000)),
    "flow": ('"rtscts", "xonxoff" or "none"', _one_of("rtscts", "xonxoff", "none")),
    "vendor_id": ("a number from 1 to 0xFFFF (see lsusb)", _whole(1, 0xFFFF)),
    "product_id": ("a number from 1 to 0xFFFF (see lsusb)", _whole(1, 0xFFFF)),
    "folder": ("the path of a folder", _text),
}
COMMON = (
    "name",
    "transport",
    "width_dots",
    "profile",
    "native_text",
    "native_qr",
    "graphics",
    "cut",
    "answers",
    "confirm",
    "timeout",
    "answer_timeout",
)


def _value(key: str, value: Any, name: str = "") -> Any:
    must_be, check = KEYS[key]
    checked = check(value)
    if checked is None:
        whose = f'Printer "{name}": ' if name else "A printer's "
        raise PrinterConfigError(key, f"{whose}{key} = {_shown(value)} is not {must_be}.")
    return checked


def _refuse_unknown(name: str, transport: str, mapping: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    for key in mapping:
        if key in allowed:
            continue
        if key in KEYS:
            raise PrinterConfigError(key, f'Printer "{name}": {key} has no meaning with transport {transport}.')
        raise PrinterConfigError(key, f'Printer "{name}": {key} is not a key that printers have.')


def _shown(value: Any) -> str:
    return '"" (nothing)' if value in ("", None) else repr(value)
