"""The demo's first page and its style guide."""

from __future__ import annotations

import subprocess

import requests

from tests.running import ISTIQBAL, free_port
from tests.screens.pictures.studio import DESK, LANGUAGES, SCHEMES, Studio


def pictures(studio: Studio) -> None:
    port = free_port()
    demo = subprocess.Popen([ISTIQBAL, "demo", "--still", "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert demo.stdout is not None
    try:
        demo.stdout.readline()
        requests.get(f"http://127.0.0.1:{port}/", timeout=20)
        for scheme in SCHEMES:
            with studio.page("/healthz", DESK, scheme) as page:
                page.goto(f"http://127.0.0.1:{port}/styleguide")
                studio.take(page, f"styleguide-{scheme}", whole=True)
                for language in LANGUAGES:
                    page.goto(f"http://127.0.0.1:{port}/?lang={language}")
                    studio.take(page, f"landing-{language}-{scheme}", whole=True)
    finally:
        demo.terminate()
        demo.wait(20)
        demo.stdout.close()
