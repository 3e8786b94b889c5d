"""The sources of cases that there are. A new one is a module with a `Source` and a line here; its figures are in `figures/`."""

from __future__ import annotations

from collections.abc import Mapping

from server.reports.counting.calls import CALLS
from server.reports.counting.desks import DESKS
from server.reports.counting.legs import LEGS
from server.reports.counting.promises import PROMISES
from server.reports.counting.ratings import RATINGS
from server.reports.counting.source import Source

SOURCES: Mapping[str, Source] = {source.name: source for source in (LEGS, CALLS, DESKS, RATINGS, PROMISES)}
