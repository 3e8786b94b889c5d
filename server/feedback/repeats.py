"""The Idempotency-Key of a request that carries a citizen's words.

The fingerprint that is stored covers everything but the words, since a hash of a short text or of a telephone number can be
guessed back. That the words are the same, too, is checked in memory only, with a key that ends with the process.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from server.errors import KeyReused
from server.visits import Once

KEPT = 10_000


class Repeats:
    """Remembers what was said under which key since this start of the server."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._said: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def once(self, caller: str, key: str | None, open_part: str, words: str) -> Iterator[Once | None]:
        """For `server.visits.answers.once`; raises KeyReused when the key came with other words before.

        What was refused within is forgotten, so that it can be mended and sent again under its key.
        """
        if key is None:
            yield None
            return
        digest = hmac.digest(self._secret, words.encode("utf-8", "surrogatepass"), "sha256")
        with self._lock:
            known = self._said.get((caller, key))
        if known is not None and not hmac.compare_digest(known, digest):
            raise KeyReused
        yield Once(key, hashlib.sha256(open_part.encode()).hexdigest())
        with self._lock:
            self._said[caller, key] = digest
            while len(self._said) > KEPT:
                self._said.popitem(last=False)
