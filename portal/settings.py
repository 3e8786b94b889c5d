"""What an operator decides, in `portal.toml`; read once at start, an unknown key or a wrong value is an error naming it."""

from __future__ import annotations

import secrets
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from portal.errors import PortalError

FILE = "portal.toml"
TEMPLATE = """# A portal's settings. Every process of the portal reads the same; docs/portal.md has every key.
database = "{database}"
secret = "{secret}"                # signs the officers' sessions; the same in all processes

[serving]
host = "127.0.0.1"                 # behind a TLS terminator
port = 8090
processes = 4                      # about twice the machine's processors
threads = 4
secure_cookies = true              # false only where officers come without TLS, to try it out

[units]
token_minutes = 15
trusted_proxies = ["127.0.0.1"]    # who may say which client certificate was shown
# certificate_header = "X-Client-Subject"

[keeping]
raw_days = 400                     # raw events older than this are dropped; the figures stay
smallest_cell = 5                  # figures of fewer visits are not shown

[deadlines]
assign_days = 15
answer_days = 60

[figures]
target_minutes = 20                # called within it counts as in time
"""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Serving(_Strict):
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8090
    processes: Annotated[int, Field(ge=1, le=64)] = 4
    threads: Annotated[int, Field(ge=1, le=64)] = 4
    secure_cookies: bool = True


class Units(_Strict):
    """How units are known. Without `certificate_header` no certificate is believed."""

    token_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    trusted_proxies: tuple[str, ...] = ("127.0.0.1",)
    certificate_header: str | None = None
    fingerprint_header: str | None = None


class Keeping(_Strict):
    raw_days: Annotated[int, Field(ge=2, le=3650)] = 400
    smallest_cell: Annotated[int, Field(ge=1, le=100)] = 5


class Deadlines(_Strict):
    assign_days: Annotated[int, Field(ge=1, le=365)] = 15
    answer_days: Annotated[int, Field(ge=1, le=365)] = 60


class Figures(_Strict):
    target_minutes: Annotated[int, Field(ge=1, le=600)] = 20


class Settings(_Strict):
    database: str
    secret: Annotated[str, Field(min_length=32)]
    serving: Serving = Serving()
    units: Units = Units()
    keeping: Keeping = Keeping()
    deadlines: Deadlines = Deadlines()
    figures: Figures = Figures()


def load(folder: Path) -> Settings:
    """Raises PortalError naming the key."""
    path = folder / FILE
    try:
        return Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise PortalError(f"{folder} has no {FILE}; make one with istiqbal-portal init.") from None
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PortalError(f"{path} can't be read: {error}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise PortalError(f"{path}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}.") from None


def write_new(folder: Path, database: str) -> Path:
    """A new portal.toml with a fresh secret, readable by its owner alone. Raises PortalError when there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    if path.exists():
        raise PortalError(f"{path} is there already.")
    path.touch(mode=0o600)
    path.write_text(TEMPLATE.format(database=database.replace("\\", "\\\\").replace('"', '\\"'), secret=secrets.token_hex(32)))
    return path
