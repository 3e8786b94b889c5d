"""An estimated wait in words: “about 20 min, usually 10 to 30”."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.errors import N_
from server.web.language import in_language

ABOUT = N_("about %(minutes)s min")
USUALLY = N_("usually %(low)s to %(high)s")
AT_MOST = N_("usually %(high)s at most")
"""Where the range begins at nothing; it ends where it may come to, so that “less than” would be too little said."""
ABOUT_WITH_RANGE = N_("about %(minutes)s min, usually %(low)s to %(high)s")
ABOUT_AT_MOST = N_("about %(minutes)s min, usually %(high)s at most")


def written_estimate(estimate: Mapping[str, Any], language: str) -> str:
    """A rounded estimate (seconds) with its range, in whole minutes, the range outwards."""
    minutes = {"minutes": round(estimate["seconds"] / 60), "low": estimate["low"] // 60, "high": -(-estimate["high"] // 60)}
    sentence = ABOUT_WITH_RANGE if minutes["low"] else ABOUT_AT_MOST
    return in_language(language, sentence, **minutes)
