"""The production server: gunicorn with one worker of threads, started from code.

One process, because one writer; threads, because a report, a drawing or a printer that blocks must not freeze every
screen. Each websocket holds a thread, so the number of threads bounds requests and screens together.
"""

from __future__ import annotations

import errno
import fcntl
import os
import resource
import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from server.errors import UnitError
from server.operations import logs
from server.operations.watchdog import Supervisor, watchdog
from server.operations.worker import CONNECTIONS, Bodies, Slow, Worker, head_read
from server.settings import ServerSettings

if TYPE_CHECKING:
    from server.app import Server

LOCK_FILE = "unit.lock"
GRACEFUL_S = 2
KEEP_ALIVE_S = 75


class PortTaken(UnitError):
    """Another program listens there already."""


class UnitRunning(UnitError):
    """Another server runs this unit."""


def check_port(host: str, port: int, remedy: str = "choose another one with --port") -> None:
    """Raises PortTaken with the remedy, or UnitError for an address that is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise PortTaken(f"Port {port} may only be used by root; {remedy}.") from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(f"Port {port} is taken by another program; {remedy}.") from error
            raise UnitError(f"{host} is no address of this machine: {error.strerror}.") from error


def lock(folder: Path) -> IO[str]:
    """Hold the unit as long as the returned file is open; raises UnitRunning. The kernel frees it when the process dies."""
    file = (folder / LOCK_FILE).open("w", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise UnitRunning(f"Another server already runs the unit in {folder}.") from error
    return file


class Application(BaseApplication):  # type: ignore[misc]  # gunicorn is untyped
    """gunicorn, configured from a unit's settings; `make` builds the server inside the worker, `ready` is told where it listens."""

    def __init__(
        self, make: Callable[[], Server], host: str, port: int, settings: ServerSettings, ready: Callable[[str, int], None]
    ) -> None:
        self._make = make
        self.slow = Slow()
        self.near = frozenset({"127.0.0.1", "::1", *(str(one.network_address) for one in settings.proxies)})
        self._ready = ready
        self._address = host, port
        self._supervisor = Supervisor.from_environment()
        self._options = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": 1,
            "worker_class": Worker,
            "threads": settings.threads,
            "worker_connections": CONNECTIONS,
            "pre_request": head_read,
            "forwarded_allow_ips": "",
            "graceful_timeout": GRACEFUL_S,
            "keepalive": KEEP_ALIVE_S,
            "worker_tmp_dir": "/dev/shm",
            "control_socket_disable": True,
            "loglevel": "warning",
            "post_fork": self._forked,
            "worker_exit": self._worker_exit,
            "proc_name": "istiqbal",
        }
        self._server: Server | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def _forked(self, arbiter: Any, worker: Any) -> None:
        self._address = listening_at(worker.sockets, *self._address)

    def load(self) -> Any:
        """Runs in the worker: open the unit and start what works beside the web application."""
        logs.begin()
        self._server = self._make()
        if self._supervisor is not None:
            self._server.with_worker(watchdog(self._supervisor, *self._address))
        self._server.with_worker(self.slow.watch())
        self._server.start()
        self._ready(*self._address)
        return Bodies(self._server.app, self.slow)

    def _worker_exit(self, arbiter: Any, worker: Any) -> None:
        if self._server is not None:
            self._server.stop()


def listening_at(sockets: Iterable[Any], host: str, port: int) -> tuple[str, int]:
    """Address and port of the first socket that has them: what systemd hands over need not be what was asked for."""
    for one in sockets:
        name = one.getsockname()
        if isinstance(name, tuple):
            return str(name[0]), int(name[1])
    return host, port


def run(
    folder: Path, make: Callable[[], Server], host: str, port: int, settings: ServerSettings, ready: Callable[[str, int], None]
) -> None:
    """Serve until told to stop, calling `ready` with address and port when it answers; raises UnitError when it can't start."""
    held = lock(folder)
    if "LISTEN_FDS" not in os.environ:  # else systemd listens already and hands the socket over
        check_port(host, port)
    try:
        _allow_files()
        Application(make, host, port, settings, ready).run()
    finally:
        held.close()


def _allow_files() -> None:
    """As many open files as this process may have: each connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
