"""A PostgreSQL of the tests' own: a new cluster in a folder, on a free port, stopped and forgotten afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from tests.running import free_port


class Postgres:
    """A cluster run by an unprivileged user (PostgreSQL refuses root). `settings` are lines of postgresql.conf."""

    def __init__(self, folder: Path, settings: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self._bin = _programs()
        self._as = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        self._settings = {"fsync": "on", "synchronous_commit": "on", **(settings or {})}

    def start(self) -> None:
        """Returns when it answers."""
        data = self.folder / "data"
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._as:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "-D", data, "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.begin()

    def begin(self) -> None:
        """Start the cluster that is there."""
        more = "".join(f" -c {name}={value}" for name, value in self._settings.items())
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}{more}"
        log = self.folder / "postgres.log"
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-l", log, "-o", options, "start")

    def stop(self, how: str = "immediate") -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-m", how, "stop")

    def database(self, name: str) -> str:
        """Make an empty database; its URL."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "portal", name)
        return f"postgresql://portal@127.0.0.1:{self.port}/{name}"

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self._as, str(self._bin / program), *map(str, arguments)]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd="/", timeout=120
        )
        assert done.returncode == 0, done.stdout.decode()


def _programs() -> Path:
    """The newest PostgreSQL's own folder; Debian keeps it out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    assert on_path, "PostgreSQL is not installed: make .venv/test.done"
    return Path(on_path).parent
