"""The screens' websocket: a whole snapshot on connect and after every commit that changed something.

State goes to the screens only; they change nothing over the socket. Each snapshot is built once and encoded once per
namespace, then queued for every screen of it, in commit order, from the writer's own thread.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import socketio.exceptions
from flask import request
from flask_socketio import Namespace, SocketIO, join_room

from server import setup
from server.clock import Moment
from server.hall import Snapshot, shown
from server.journal import last_seq
from server.setup import Shown
from server.unit import Unit
from server.web import identity

log = logging.getLogger(__name__)

PERMISSION_OF = {
    "/kiosk": "use the kiosk",
    "/display": "see the board",
    "/tablet": "ask at a counter",
    "/counter": "use the counter screen",
    "/manager": "manage",
}
Screen = tuple[str, str]
"""Role and name of a device whose choice of services and counters is its own, or ANY."""
OWN_CHOICE = ("kiosk", "display")
ANY: Screen = ("", "")
THREADS_KEPT_FOR_HTTP = 64
FULL = "too many screens are connected"
"""What a screen is told for which there is no place; `server/assets/js/live.js` knows these words."""
PING_INTERVAL_S = 5
PING_TIMEOUT_S = 4

OnScreen = Callable[[Any, Moment, Snapshot], Snapshot]
"""Makes of the board what displays, kiosks or tablets are shown."""
Devices = Callable[[Any], dict[str, Any]]
"""Reads what the kiosk's and the manager's screens show of devices, from a connection."""


class Live:
    """Follows the journal and tells the screens."""

    def __init__(
        self,
        unit: Unit,
        sockets: SocketIO,
        printers: Devices,
        operations: Devices,
        on_display: OnScreen,
        on_kiosk: OnScreen,
        on_tablet: OnScreen,
    ) -> None:
        self._unit = unit
        self._sockets = sockets
        self._printers = printers
        self._operations = operations
        self._on_display, self._on_kiosk, self._on_tablet = on_display, on_kiosk, on_tablet
        self._open: dict[tuple[str, str], tuple[Screen, str]] = {}
        self._gone: dict[Screen, Moment] = {}
        self._lock = threading.Lock()
        with unit.reading() as conn:
            self._told = last_seq(conn)
        self.most = most_screens(unit.settings.server.threads)
        for namespace in PERMISSION_OF:
            sockets.on_namespace(_Screens(namespace, self))
        unit.after_commit.append(self.tell)

    def tell(self, conn: Any) -> None:
        """Send every connected screen the hall as it is after this commit; nothing when the journal did not grow."""
        version = last_seq(conn)
        if version == self._told:
            return
        self._told = version
        with self._lock:
            watched: dict[str, set[Screen]] = {}
            for (namespace, _), (screen, _) in self._open.items():
                watched.setdefault(namespace, set()).add(screen)
        for namespace, snapshot in (self._snapshots(conn, list(watched)) if watched else {}).items():
            for choice, rooms in _alike(conn, watched[namespace]).items():
                self._sockets.server.emit("snapshot", shown(snapshot, choice), namespace=namespace, room=rooms)

    def screens(self) -> dict[str, int]:
        """How many screens are connected, by namespace."""
        with self._lock:
            count = Counter(namespace for namespace, _ in self._open)
        return {namespace: count[namespace] for namespace in PERMISSION_OF}

    def proofs(self) -> dict[str, set[str]]:
        """What let the open screens in (`Principal.proof`) and the namespaces it let in to."""
        found: dict[str, set[str]] = {}
        with self._lock:
            for (namespace, _), (_, proof) in self._open.items():
                found.setdefault(proof, set()).add(namespace)
        return found

    def drop(self, proof: str, namespace: str) -> None:
        """Disconnect the screens of a namespace that were let in by this."""
        with self._lock:
            leaving = [sid for (where, sid), (_, by) in self._open.items() if (where, by) == (namespace, proof)]
        for sid in leaving:
            self._sockets.server.disconnect(sid, namespace=namespace)

    def joined(self, namespace: str, sid: str, screen: Screen, proof: str) -> None:
        """A screen came; raises ConnectionRefusedError when there are as many as the server can carry."""
        with self._lock:
            if len(self._open) >= self.most:
                raise socketio.exceptions.ConnectionRefusedError(FULL)
            self._open[namespace, sid] = (screen, proof)
            self._gone.pop(screen, None)

    def left(self, namespace: str, sid: str) -> None:
        """A screen went, if it was let in at all."""
        with self._lock:
            screen, _ = self._open.pop((namespace, sid), (ANY, ""))
            if screen != ANY and screen not in (other for other, _ in self._open.values()):
                self._gone[screen] = self._unit.now()

    def gone(self, role: str) -> dict[str, Moment]:
        """The devices of a role that were connected since the start and are not now, by name, and when they went."""
        with self._lock:
            return {name: moment for (of, name), moment in self._gone.items() if of == role}

    def strangers(self) -> list[str]:
        """The connections that have not joined any namespace, by Engine.IO's ids."""
        manager = self._sockets.server.manager
        with self._lock:
            joined = {manager.eio_sid_from_sid(sid, namespace) for namespace, sid in self._open}
        return [one for one in list(self._sockets.server.eio.sockets) if one not in joined]

    def send_away(self, connection: str) -> None:
        """Close a connection by its Engine.IO id."""
        self._sockets.server.eio.disconnect(connection)

    def snapshot(self, namespace: str, screen: Screen) -> Snapshot:
        """The hall as it is now, as this screen shows it."""
        with self._unit.reading() as conn:
            conn.execute("BEGIN")
            try:
                return shown(self._snapshots(conn, [namespace])[namespace], setup.shown_on(conn, *screen))
            finally:
                conn.execute("COMMIT")

    def _snapshots(self, conn: Any, namespaces: list[str]) -> dict[str, Snapshot]:
        now = self._unit.now()
        board = self._unit.hall.board(conn, now)
        built: dict[str, Snapshot] = {}
        if "/display" in namespaces:
            built["/display"] = self._on_display(conn, now, board)
        if "/kiosk" in namespaces:
            built["/kiosk"] = {
                **self._on_kiosk(conn, now, board),
                **self._printers(conn),
                "kiosk_printers": self._kiosk_printers(),
            }
        if "/tablet" in namespaces:
            built["/tablet"] = self._on_tablet(conn, now, board)
        if "/counter" in namespaces or "/manager" in namespaces:
            built["/counter"] = self._unit.hall.staff(conn, now, board)
        if "/manager" in namespaces:
            built["/manager"] = {**built["/counter"], **self._printers(conn), **self._operations(conn)}
        return {namespace: built[namespace] for namespace in namespaces}

    def _kiosk_printers(self) -> list[str]:
        """The printers of the connected kiosks: where one is out of paper, another may be named."""
        with self._lock:
            names = {name for (namespace, _), ((_, name), _) in self._open.items() if namespace == "/kiosk"}
        return sorted({printer for name in names if (printer := self._unit.settings.printer_of(name))})


class _Screens(Namespace):  # type: ignore[misc]  # flask_socketio is untyped
    """One namespace: lets screens in and sends each its first snapshot."""

    def __init__(self, namespace: str, live: Live) -> None:
        super().__init__(namespace)
        self._live = live

    def on_connect(self, auth: Any = None) -> None:
        token = auth.get("token") if isinstance(auth, dict) else None
        permission = PERMISSION_OF[self.namespace]
        who = identity.of_socket(token if isinstance(token, str) else None, permission)
        if who is None:
            raise socketio.exceptions.ConnectionRefusedError("this screen has no valid token for " + self.namespace)
        screen = (who.role, who.name) if who.role in OWN_CHOICE else ANY
        self._live.joined(self.namespace, _sid(), screen, who.proof)
        join_room(_room(screen))
        self.emit("snapshot", self._live.snapshot(self.namespace, screen), room=_sid())

    def on_disconnect(self, *_: Any) -> None:
        self._live.left(self.namespace, _sid())


def most_screens(threads: int) -> int:
    """How many screens may be connected to a server of so many threads."""
    return max(1, threads - THREADS_KEPT_FOR_HTTP)


def _alike(conn: Any, screens: Iterable[Screen]) -> dict[Shown, list[str]]:
    """The rooms of the screens that show the same, so that each snapshot is encoded once."""
    rooms: dict[Shown, list[str]] = {}
    for screen in screens:
        rooms.setdefault(setup.shown_on(conn, *screen), []).append(_room(screen))
    return rooms


def _room(screen: Screen) -> str:
    """The room of the screens of one name that proved who they are; a socket is in its namespace before it has."""
    return f"let in: {' '.join(screen)}"


def _sid() -> str:
    """The id of the socket whose event is handled; Flask-SocketIO hangs it on the request."""
    return str(request.sid)  # type: ignore[attr-defined]
