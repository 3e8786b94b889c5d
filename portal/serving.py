"""The production server: gunicorn with as many processes as set; they share nothing but PostgreSQL."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from portal.app import make_app
from portal.settings import Settings


class Application(BaseApplication):  # type: ignore[misc]  # gunicorn is untyped
    """gunicorn, configured from portal.toml; each process makes its own application and connections."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._folder, self._settings = folder, settings
        super().__init__()

    def load_config(self) -> None:
        serving = self._settings.serving
        options = {
            "bind": f"{serving.host}:{serving.port}",
            "workers": serving.processes,
            "worker_class": "gthread",
            "threads": serving.threads,
            "keepalive": 75,
            "timeout": 60,
            "graceful_timeout": 10,
            "worker_tmp_dir": "/dev/shm",
            "control_socket_disable": True,
            "loglevel": "warning",
            "proc_name": "istiqbal-portal",
            "limit_request_line": 2048,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Runs in each process. A batch makes 1,500 small objects and drops them: collecting so often costs a sixth of the work."""
        app = make_app(self._folder)
        gc.collect()
        gc.freeze()
        gc.set_threshold(200_000, 50, 100)
        return app


def serve(folder: Path, settings: Settings) -> None:
    """Serve until told to stop."""
    Application(folder, settings).run()
