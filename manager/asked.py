"""What the form of the page of reports says, read from an address and written back into one."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from server.reports import Request, asking
from server.web import identity

WHOLE = "whole"

Values = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says: the report, or the whole of them; period by name or dates; up to two keys; a service or all."""

    report: str
    period: str
    first: str
    last: str
    by: tuple[str, ...]
    service: str

    @classmethod
    def read(cls, values: Values) -> Asked:
        """From an address; what is missing is the whole report of the usual period."""
        dates = bool(values.get("from") or values.get("to"))
        by = tuple(dict.fromkeys(filter(None, (values.get("by"), values.get("and")))))
        usual = "" if dates or "period" in values else asking.usual_period(identity.unit())
        return cls(
            values.get("report", WHOLE),
            "" if values.get("period") == "dates" else values.get("period", usual),
            values.get("from", ""),
            values.get("to", ""),
            by or ("service",),
            values.get("service", ""),
        )

    @property
    def whole(self) -> bool:
        return self.report == WHOLE

    def as_query(self) -> str:
        """The address that asks the same again."""
        dates = {"from": self.first, "to": self.last} if not self.period else {}
        keys = dict(zip(("by", "and"), self.by, strict=False))
        return urlencode({"report": self.report, "period": self.period or "dates", **dates, **keys, "service": self.service})

    def request(self) -> Request:
        """The request it comes to; raises Refused."""
        kind = "wait-times" if self.whole else self.report
        dates = (None, None) if self.period else (self.first or None, self.last or None)
        services = (self.service,) if self.service else ()
        by = ",".join(self.by)
        if "clerk" in self.by:
            identity.permitted("see clerks' figures")
        return asking.request(identity.unit(), kind, *dates, by, self.period or None, services, compared=True)
