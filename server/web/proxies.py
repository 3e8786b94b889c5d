"""A reverse proxy's word on who asks, taken from the proxies of unit.toml and from nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

Network = IPv4Network | IPv6Network
FORWARDED = "istiqbal.forwarded"
"""In the environ of a request that a proxy passed on which is not trusted: its address is not the asker's."""
_PREFIX = "HTTP_X_FORWARDED_"


class TrustedProxies:
    """WSGI middleware: `X-Forwarded-For`, `-Proto` and `-Host` of these networks are believed, of all others dropped."""

    def __init__(self, application: Any, networks: Iterable[Network]) -> None:
        self._plain = application
        self._fixed = ProxyFix(application, x_for=1, x_proto=1, x_host=1)
        self._networks = tuple(networks)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if self._trusted(environ.get("REMOTE_ADDR", "")):
            return self._fixed(environ, start_response)
        said = [name for name in environ if name.startswith(_PREFIX) or name == "HTTP_FORWARDED"]
        for name in said:
            del environ[name]
        environ[FORWARDED] = bool(said)
        return self._plain(environ, start_response)

    def _trusted(self, address: str) -> bool:
        try:
            asking = ip_address(address)
        except ValueError:
            return False
        return any(asking in network for network in self._networks)
