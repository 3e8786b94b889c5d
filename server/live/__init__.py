"""The screens' websocket: snapshots after every commit, and who may go on listening."""

from server.live.screens import PERMISSION_OF, PING_INTERVAL_S, PING_TIMEOUT_S, Live, most_screens

__all__ = ["PERMISSION_OF", "PING_INTERVAL_S", "PING_TIMEOUT_S", "Live", "most_screens"]
