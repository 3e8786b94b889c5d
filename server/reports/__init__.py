"""Reports: what is reported (`figures`), how it is counted (`counting`), how it is written (`writing`).

Definitions are those of `docs/figures.md`. Durations are kept in milliseconds and rounded half up to seconds once, at the end.
What counts and writes is imported by the processes that do so (`work`), never by the server.
"""

from server.reports.period import Period
from server.reports.request import BY, REPORTS, Report, Request, Row, keys

__all__ = ["BY", "REPORTS", "Period", "Report", "Request", "Row", "keys"]
