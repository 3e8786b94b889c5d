"""The system's Chromium, as the page tests, the pictures and the benches start it: without what a bare page does not need."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
NOT_NEEDED = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
"""The address bar's pages, which cost each window a second of a core; then Playwright's own: Chromium hears one such list alone."""
FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(NOT_NEEDED)}",
)


def chromium() -> str:
    """Where it is; a machine without one fails, it never skips (LookupError)."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        raise LookupError("Chromium is missing: apt-get install chromium (make test does it)")
    return path


def launched(playwright: Playwright) -> Browser:
    """A browser without a window, to be closed by the caller."""
    return playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
