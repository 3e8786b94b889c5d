"""python-escpos, loaded without its side effects.

Imported as it comes, it parses its printer database as YAML (0.2 s) and gives the root logger a handler. Here the
database is handed over in the form that it caches itself. Importing this module still takes about 0.1 s, so only a
transport does, when it starts. (An empty folder in /tmp remains: the library makes it before it looks further.)
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import platform
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

_PLACE = "ESCPOS_CAPABILITIES_PICKLE_DIR"


def _load() -> None:
    handlers = list(logging.root.handlers)
    before = os.environ.get(_PLACE)
    with tempfile.TemporaryDirectory() as folder:
        spec = find_spec("escpos")
        if before is None and spec is not None and spec.origin is not None:
            database = json.loads(Path(spec.origin).with_name("capabilities.json").read_text(encoding="utf-8"))
            cache = Path(folder) / f"{platform.python_version()}.capabilities.pickle"
            cache.write_bytes(pickle.dumps(database, protocol=2))
            os.environ[_PLACE] = folder
        try:
            import_module("escpos.printer")
        finally:
            if before is None:
                os.environ.pop(_PLACE, None)
    for handler in list(logging.root.handlers):
        if handler not in handlers:
            logging.root.removeHandler(handler)


_load()

from escpos.printer import File, Network, Serial, Usb  # noqa: E402  # only now

__all__ = ["File", "Network", "Serial", "Usb"]
