"""The API of the citizen's word: rating a visit, leaving a submission, seeing how far it is."""

from __future__ import annotations

from typing import Literal

from flask import Response, current_app, request
from pydantic import BaseModel, Field

from server.access import Principal, rates
from server.feedback import Feedback
from server.feedback.ratings import COMMENT_LETTERS
from server.feedback.sealing import Contact
from server.feedback.service import Wish
from server.visits import VISITOR, Caller
from server.web import identity
from server.web.api import OPEN, SECURED, Body, answer, api_blueprint, guarded, idempotency_key, problems
from server.web.schemas import Language, VisitPath, Word

LARGEST_SUBMISSION = 1024 * 1024
"""Bytes of a submission's body: 200 KB of text in which every letter may be escaped."""

api = api_blueprint("feedback", "Ratings, and complaints, observations and suggestions.", LARGEST_SUBMISSION)

Reason = Literal["waiting", "welcome", "clarity", "outcome", "place"]
CHANNEL_OF = {"kiosk": "kiosk", "tablet": "tablet"}


class RatingOrder(Body):
    """What a visitor says of a visit; the comment is sealed at once."""

    score: int = Field(ge=1, le=4, strict=True)
    reasons: list[Reason] = Field(default_factory=list, max_length=5)
    comment: str | None = Field(None, repr=False, description=f"At most {COMMENT_LETTERS} letters.")


class RatingAnswer(BaseModel):
    visit: str
    score: int


class TicketToRate(Body):
    ticket: str = Field(min_length=1, max_length=200)


class VisitToRate(BaseModel):
    visit: str


class ContactOrder(Body):
    """Only what the citizen wants to give."""

    phone: str | None = Field(None, repr=False)
    email: str | None = Field(None, repr=False)


class SubmissionOrder(Body):
    type: Literal["complaint", "observation", "suggestion"]
    text: str = Field(repr=False, description="At most 100,000 letters and 200,000 bytes; any Unicode.")
    contact: ContactOrder | None = Field(None, repr=False)
    visit: Word | None = None
    service: Word | None = None
    language: Language = "ar"


class SubmissionAnswer(BaseModel):
    reference: str = Field(examples=["K7QXM2PZA4CDEFGH"])


class ReferencePath(BaseModel):
    reference: str = Field(min_length=1, max_length=64)


class Dates(BaseModel):
    received: str | None
    transmitted: str | None
    assigned: str | None
    answered: str | None


class AnswerToCitizen(BaseModel):
    text: str
    language: str | None


class StageAnswer(BaseModel):
    """How far a submission is; the answer is shown, never kept."""

    reference: str
    type: Literal["complaint", "observation", "suggestion"]
    language: Language
    stage: Literal["received", "transmitted", "assigned", "answered"]
    dates: Dates
    deadlines: dict[str, str | None] | None = None
    answer: AnswerToCitizen | None = None


def feedback() -> Feedback:
    """The ratings and submissions of the unit that this server runs."""
    found: Feedback = current_app.extensions["istiqbal.feedback"]
    return found


def screen() -> Principal | None:
    """The machine of the hall that asks, None for a phone."""
    return next((one for one in identity.principals() if one.role in CHANNEL_OF), None)


def place() -> str:
    """Where somebody tries from: the machine of the hall, else the address."""
    machine = screen()
    return machine.proof if machine else rates.place(request.remote_addr)


def caller() -> Caller:
    """Who goes into the journal: the machine, or whoever holds the visit's id."""
    machine = screen()
    return machine.caller() if machine else VISITOR


@api.post("/visits/<visit>/rating", summary="Rate a visit", responses={201: RatingAnswer, **problems(404, 409)}, security=OPEN)
def rate_visit(path: VisitPath, body: RatingOrder) -> Response:
    """Once, within some days of the end of the visit, for whoever holds its id. The comment is sealed in memory."""
    machine = screen()
    channel = CHANNEL_OF[machine.role] if machine else "phone"
    said = feedback().rate(path.visit, body.score, body.reasons, body.comment, channel, caller(), idempotency_key())
    return answer(said, 201)


@api.post(
    "/ratings/visit", summary="The visit of a ticket, to be rated", responses={200: VisitToRate, **guarded(404)}, security=SECURED
)
def visit_to_rate(body: TicketToRate) -> Response:
    """For the kiosk: a number typed, or the ticket's code scanned. Every number that can't be rated gets the same answer."""
    identity.permitted("use the kiosk")
    return answer({"visit": feedback().visit_to_rate(body.ticket, place())})


@api.post("/submissions", summary="Leave a submission", responses={201: SubmissionAnswer, **problems(404, 409)}, security=OPEN)
def submit(body: SubmissionOrder) -> Response:
    """A complaint, an observation or a suggestion. Sealed in memory: words and contact are stored nowhere in plain."""
    contact = Contact(body.contact.phone, body.contact.email) if body.contact else Contact()
    machine, settings = screen(), identity.unit().settings
    kiosk = machine.name if machine and machine.role == "kiosk" else None
    printers = (settings.printer_of(kiosk), settings.second_printer_of(kiosk)) if kiosk else (None, None)
    wish = Wish(body.type, body.text, body.language, contact, body.service, body.visit, printers)
    return answer(feedback().submit(wish, caller(), None if machine else place(), idempotency_key()), 201)


@api.get(
    "/submissions/<reference>", summary="How far a submission is", responses={200: StageAnswer, **problems(404)}, security=OPEN
)
def submission_stage(path: ReferencePath) -> Response:
    """For whoever holds the reference: received → transmitted → assigned → answered, with the portal's dates."""
    return answer(feedback().stage(path.reference))
