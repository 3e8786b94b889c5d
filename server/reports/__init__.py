"""Reports: what is reported (`figures`), how it is counted (`counting`), how it is written (`writing`).

Definitions are those of `docs/figures.md`. Durations are kept in milliseconds and rounded half up to seconds once, at the end.
"""

from server.reports.figures.registry import FIGURES, KINDS
from server.reports.making import BY, Report, Request, Row, keys, make
from server.reports.period import Period

__all__ = ["BY", "FIGURES", "KINDS", "Period", "Report", "Request", "Row", "keys", "make"]
