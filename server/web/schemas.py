"""The API's data, as its OpenAPI document describes it. Times are RFC 3339 in UTC, durations are seconds."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Field

from server.web.api import Body

Language = Literal["ar", "zgh", "fr", "en"]
Word = Annotated[str, Field(min_length=1, max_length=64)]
VisitId = Annotated[str, Field(min_length=1, max_length=64, description="Public id of a visit; can't be guessed.")]
Sentence = Annotated[str, Field(min_length=1, max_length=500)]
HallTime = Annotated[
    str,
    Field(
        pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$",
        description="The time on a convocation for today, as the hall's clock shows it.",
        examples=["10:30"],
    ),
]
Names = dict[str, str]


class CounterPath(BaseModel):
    counter: int = Field(ge=1, le=9999)


class VisitPath(BaseModel):
    visit: VisitId


class TicketOrder(Body):
    """What a citizen asks for at the kiosk."""

    service: Word
    language: Language
    priority: Word | None = None
    appointment: HallTime | None = None


class Nothing(Body):
    """No member is needed."""


class Reason(Body):
    reason: Sentence | None = None


class Outcome(Body):
    outcome: Word | None = None


class VisitChoice(Body):
    visit: VisitId


class CallOrder(Body):
    visit: VisitId
    reason: Sentence


class TransferOrder(Body):
    """At least one of service, counter and clerk; the note is shown to the next clerk."""

    service: Word | None = None
    counter: int | None = Field(None, ge=1, le=9999)
    clerk: Word | None = None
    note: Sentence | None = None


class WalkDirectOrder(Body):
    service: Word
    language: Language = "ar"
    priority: Word | None = None
    appointment: HallTime | None = None


class EstimatedWait(BaseModel):
    seconds: int
    low: int
    high: int


class PrintingAnswer(BaseModel):
    printer: str
    state: str
    second: str | None = Field(description="The printer that takes over when this one can't print.")


class TicketAnswer(BaseModel):
    visit: str
    ticket: str = Field(examples=["A042"])
    service: str
    service_name: str
    language: Language
    appointment: str | None
    people_ahead: int
    estimated_wait: EstimatedWait | None
    printing: PrintingAnswer | None
    issued_at: str
    issued_text: str = Field(description="Local date and time as written in the ticket's language.")


class ReprintOrder(Body):
    printer: Word | None = None


class VisitAnswer(BaseModel):
    visit: str
    ticket: str | None
    service: str
    language: Language
    state: Literal["waiting", "called", "serving", "served", "no_show", "parked", "transferred", "cancelled", "expired"]
    people_ahead: int | None
    estimated_wait: EstimatedWait | None
    counter: int | None


class CalledAnswer(BaseModel):
    visit: str
    ticket: str | None
    service: str
    language: Language
    waited: int
    rule: str


class CounterAnswer(BaseModel):
    id: int
    number: int
    state: Literal["closed", "open", "paused"]
    clerk: str | None


class BoardService(BaseModel):
    id: str
    name: Names
    prefix: str
    icon: str
    waiting: int
    estimated_wait: EstimatedWait | None
    open: bool = Field(description="Whether a kiosk gives tickets now.")
    closed_because: Literal["by-hand", "hours", "full"] | None = None
    opens_at: str | None = Field(None, description="The next opening, when it is known.")
    open_to_priority: bool = Field(description="Whether who has a priority gets a ticket, be it full for others.")


class BoardCounter(BaseModel):
    id: int
    number: int
    state: Literal["closed", "open", "paused"]
    ticket: str | None


class BoardCall(BaseModel):
    ticket: str
    counter: int
    service: str
    language: Language
    called_at: str
    recalls: int


class BoardUnit(BaseModel):
    id: str
    name: Names


class BoardMessage(BaseModel):
    text: Names


class BoardAnswer(BaseModel):
    """The hall as everyone may see it; take one when `epoch` differs or `version` is higher."""

    version: int
    epoch: str
    now: str
    unit: BoardUnit
    title: Names = Field(description="The display's own title by language; empty when it has none.")
    services: list[BoardService]
    counters: list[BoardCounter]
    calls: list[BoardCall]
    messages: list[BoardMessage]


_KEY = "(service|counter|clerk|hour|language|priority|day|weekday|week|month|reason)"


class ReportQuery(BaseModel):
    """`from` and `to` are local service days, both included; today when left out. `period` names one instead."""

    from_: str | None = Field(None, alias="from", max_length=10)
    to: str | None = Field(None, max_length=10)
    period: Literal["today", "yesterday", "last-week", "this-month", "last-month", "last-year"] | None = None
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
