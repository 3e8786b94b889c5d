"""The data of the manager's part of the API: reports, estimates, alerts. Times are RFC 3339 in UTC, durations are seconds."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, Field

_KEY = "(service|counter|clerk|hour|language|priority|day|weekday|week|month|reason|people_ahead)"


class ReportQuery(BaseModel):
    """`from` and `to` are local service days, both included; today when left out. `period` names one instead."""

    from_: str | None = Field(None, alias="from", max_length=10)
    to: str | None = Field(None, max_length=10)
    period: Literal["today", "yesterday", "this-week", "last-week", "this-month", "last-month", "last-year"] | None = None
    by: str = Field("", pattern=f"^({_KEY}(,{_KEY})?)?$", description="Up to two keys, separated by a comma.")
    service: str | None = Field(None, max_length=500, description="Only these services, separated by commas.")
    compare: bool = Field(False, description="The figures of the period before, too.")
    format: Literal["json", "csv", "excel", "xlsx", "pdf"] = "json"

    def services(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.service or "").split(",")))


class WaitTimesQuery(ReportQuery):
    by: str = Field("service,hour", pattern=f"^({_KEY}(,{_KEY})?)?$", description="Up to two keys, separated by a comma.")


class WaitTimesFigures(BaseModel):
    arrivals: int
    served: int
    no_shows: int
    walkouts: int
    waits: int
    wait_mean: int | None
    wait_median: int | None
    wait_p90: int | None
    wait_longest: int | None
    service_level: float | None
    service_level_cases: int
    odd_times: int


class WaitTimesRow(WaitTimesFigures):
    """The keys it was split by, and its figures."""

    service: str | None = None
    counter: int | None = None
    clerk: str | None = None
    hour: int | None = None
    language: str | None = None
    priority: str | None = None
    day: str | None = None
    weekday: int | None = None
    week: str | None = None
    month: str | None = None
    reason: str | None = None


_FILES: Any = {
    "text/csv": {"schema": {"type": "string"}},
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {"schema": {"type": "string", "format": "binary"}},
    "application/pdf": {"schema": {"type": "string", "format": "binary"}},
}


class WaitTimesAnswer(BaseModel):
    model_config: ClassVar[Any] = {"openapi_extra": {"content": _FILES}}

    first: str
    last: str
    by: str
    rows: list[WaitTimesRow]
    total: WaitTimesFigures
    before: WaitTimesFigures | None = None


class EstimatesQuery(BaseModel):
    """`from` and `to` are local service days, both included; today when left out."""

    from_: str | None = Field(None, alias="from", max_length=10)
    to: str | None = Field(None, max_length=10)
    format: Literal["json", "csv"] = "json"


class EstimatesRow(BaseModel):
    """Errors in seconds, `bias` the mean of told less actual; `coverage` the share within the range that was told."""

    service: str | None = Field(description="None: all together.")
    people_ahead: str | None = Field(description="None: however many were ahead.", examples=["4-8"])
    cases: int
    mean_error: int
    median_error: int
    bias: int
    coverage: float


class SilentService(BaseModel):
    service: str
    why: Literal["missed", "no-counter", "little-evidence", "failed"]


class EstimatesAnswer(BaseModel):
    model_config: ClassVar[Any] = {"openapi_extra": {"content": {"text/csv": {"schema": {"type": "string"}}}}}

    first: str
    last: str
    rows: list[EstimatesRow]
    silent: list[SilentService] = Field(description="Services that show no estimate now, and why.")


class AlertPath(BaseModel):
    alert: int = Field(ge=1, le=2**53)


class AlertSeen(BaseModel):
    by: str
    at: str


class AlertAnswer(BaseModel):
    """`kind` is what it is about, `subject` whom: a service, a counter, a printer, a display, a place of backups."""

    id: int
    kind: str = Field(examples=["past_target"])
    subject: str
    params: dict[str, str | int]
    since: str
    seen: AlertSeen | None


class AlertsAnswer(BaseModel):
    alerts: list[AlertAnswer]


class ReportAnswer(BaseModel):
    """Rows have the keys that were asked for and the figures of the report; `total` the figures of all cases together."""

    model_config: ClassVar[Any] = {"openapi_extra": {"content": _FILES}}

    first: str
    last: str
    by: str
    rows: list[dict[str, Any]]
    total: dict[str, Any]
    before: dict[str, Any] | None = None
