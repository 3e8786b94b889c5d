"""The API's data, as its OpenAPI document describes it. Times are RFC 3339 in UTC, durations are seconds."""

from __future__ import annotations

from typing import Annotated, Literal

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
    priority: str | None
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


class NumberQuery(BaseModel):
    ticket: str = Field(min_length=1, max_length=12, description="A part of a ticket's number, such as `A04`.")


class WaitingVisitor(BaseModel):
    """Who waits; members that say nothing are left out."""

    visit: str
    ticket: str | None
    service: str
    language: Language
    waited: int
    priority: str | None = None
    due_at: str | None = None
    for_counter: int | None = None
    for_clerk: str | None = None
    bound: bool | None = Field(None, description="Whether the counter or clerk whom the visitor was sent to is there.")
    note: str | None = None
    park_reason: str | None = None


class AsideVisitor(BaseModel):
    """Who is absent or put aside; members that say nothing are left out."""

    visit: str
    ticket: str | None
    service: str
    state: Literal["no_show", "parked"]
    since: str | None = None
    park_reason: str | None = Field(None, description="Why the visitor was put aside last.")
    note: str | None = None
    clerk: str | None = Field(None, description="Who put the visitor aside.")
    for_counter: int | None = Field(None, description="The counter that the visitor was sent to.")
    for_clerk: str | None = Field(None, description="The clerk whom the visitor was sent to.")


class NumberedVisitors(BaseModel):
    waiting: list[WaitingVisitor]
    aside: list[AsideVisitor]


class CounterAnswer(BaseModel):
    id: int
    number: int
    state: Literal["closed", "open", "paused"]
    clerk: str | None
    numbered: str | None = Field(
        default=None,
        description="Only when a visitor without a ticket was put back into the queue from here: their number, printed nowhere.",
    )


class BoardService(BaseModel):
    id: str
    name: Names
    prefix: str
    icon: str
    waiting: int = Field(description="How many wait for this service.")
    people_ahead: int = Field(
        description="How many are to be called before who takes a ticket without priority now, at the counters that this service"
        " shares with others: what the ticket will tell."
    )
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
