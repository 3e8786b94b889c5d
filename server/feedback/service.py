"""What screens and the API call: rate, submit, look how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from server import setup
from server.feedback import ratings, submissions
from server.feedback.pace import Pace
from server.feedback.ratings import COMMENT_LETTERS, Rating
from server.feedback.refusals import (
    CommentNotOffered,
    CommentTooLong,
    NothingWritten,
    NotToBeRated,
    SubmissionsNotOffered,
)
from server.feedback.repeats import Repeats
from server.feedback.sealing import Contact, Sealer
from server.feedback.stages import Stages
from server.feedback.submissions import Submission, new_reference, tidy_reference
from server.sync import Adapter
from server.unit import Unit
from server.visits import Caller
from server.visits.answers import once
from server.visits.looks import current_leg


@dataclass(frozen=True, slots=True)
class Wish:
    """A submission as a citizen makes it. `repr` never shows what was written."""

    type: str
    text: str = field(repr=False)
    language: str
    contact: Contact = field(default_factory=Contact, repr=False)
    service: str | None = None
    visit: str | None = None
    printers: tuple[str | None, str | None] = (None, None)
    """What prints the reference, and what takes over."""


class Feedback:
    """The citizens' word at a unit; `adapter` is the way to the portal, if there is one."""

    def __init__(self, unit: Unit, adapter: Adapter | None) -> None:
        self._unit = unit
        self._zone = unit.settings.unit.zone
        self._tell_portal = unit.settings.portal.adapter != "none"
        self._sealer = Sealer(unit.folder, unit.settings, unit.now)
        self._repeats = Repeats()
        self._wrong_numbers, self._sent = Pace(free=10, every_s=20), Pace(free=20, every_s=60)
        self.stages = Stages(unit, adapter)

    def offers_submissions(self) -> bool:
        """Whether something written can be taken: only with a key to seal it to."""
        return self._sealer.key() is not None

    def rate(
        self,
        visit: str,
        score: int,
        reasons: Sequence[str],
        comment: str | None,
        channel: str,
        caller: Caller,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Rate a visit: `{visit, score}`. Raises a Refused, and then has kept nothing."""
        comment = (comment or "").strip()
        open_part = f"rate {visit} {score} {','.join(reasons)}"
        with self._repeats.once(f"{caller.id} {visit}", key, open_part, comment) as repeat:
            sealed = self._sealed_comment(visit, comment) if comment else None
            rating = Rating(visit, score, tuple(dict.fromkeys(reasons)), channel, sealed)

            def command(conn: Any) -> dict[str, Any]:
                now = self._unit.now()

                def do() -> dict[str, Any]:
                    return ratings.rate(conn, self._unit.journal, now, rating, self._zone, tell_portal=self._tell_portal)

                return once(conn, repeat, caller.id, now.at, do)

            return self._unit.writer.run(command)

    def visit_to_rate(self, ticket: str, place: str) -> str:
        """The visit of a ticket's number that was typed at the kiosk; raises NotToBeRated, TooOften."""
        self._wrong_numbers.check(place)
        with self._unit.reading() as conn:
            try:
                return ratings.by_ticket(conn, self._unit.now(), ticket, self._zone)
            except NotToBeRated:
                self._wrong_numbers.count(place)
                raise

    def submit(self, wish: Wish, caller: Caller, place: str | None = None, key: str | None = None) -> dict[str, Any]:
        """Seal and keep a submission: `{reference}`. `place` is counted when it is no machine of the hall. Raises a Refused."""
        contact = wish.contact.checked()
        if not wish.text.strip():
            raise NothingWritten
        open_part = f"submit {wish.type} {wish.service} {wish.language}"
        words = "\0".join((wish.text, *contact.values()))
        with self._repeats.once(caller.id, key, open_part, words) as repeat:
            if (portal := self._sealer.key()) is None:
                raise SubmissionsNotOffered
            if place is not None:
                self._sent.take(place)
            reference = new_reference()
            sealed = self._sealer.seal(reference, wish.text, contact, portal)

            def command(conn: Any) -> dict[str, Any]:
                now = self._unit.now()
                day = setup.service_day(conn, now.at, self._zone)
                service = wish.service or (current_leg(conn, wish.visit)[1].service if wish.visit else None)
                one = Submission(reference, wish.type, service, wish.language, wish.printers)

                def do() -> dict[str, Any]:
                    unit = self._unit.settings.unit.id
                    return submissions.keep(conn, self._unit.journal, now, one, sealed, unit, day, caller)

                return once(conn, repeat, caller.id, now.at, do)

            return self._unit.writer.run(command)

    def stage(self, written: str) -> dict[str, Any]:
        """How far a submission is, with the answer's words if there are any; raises UnknownReference."""
        reference = tidy_reference(written)
        with self._unit.reading() as conn:
            look = submissions.look(conn, reference)
        told = self.stages.now(reference)
        if told is None:
            return look
        with self._unit.reading() as conn:
            look = submissions.look(conn, reference)
        return {**look, **_answer(told)}

    def known(self, written: str) -> str:
        """The reference itself; raises UnknownReference."""
        reference = tidy_reference(written)
        with self._unit.reading() as conn:
            submissions.look(conn, reference)
        return reference

    def _sealed_comment(self, visit: str, comment: str) -> str:
        if len(comment) > COMMENT_LETTERS:
            raise CommentTooLong(most=COMMENT_LETTERS)
        key = self._sealer.key()
        if key is None:
            raise CommentNotOffered
        return self._sealer.seal(visit.upper(), comment, {}, key, keep=False).portal


def _answer(told: Mapping[str, Any]) -> dict[str, Any]:
    """The deadlines and the answer of a stage, to be shown and not kept."""
    found: dict[str, Any] = {}
    if isinstance(told.get("deadlines"), Mapping):
        found["deadlines"] = dict(told["deadlines"])
    answer = told.get("answer")
    if isinstance(answer, Mapping) and isinstance(answer.get("text"), str):
        found["answer"] = {"text": answer["text"], "language": answer.get("language")}
    return found
