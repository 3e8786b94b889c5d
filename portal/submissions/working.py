"""How officers work submissions: deposit → assign → process → answer, each step dated and written down.

An officer sees the submissions of their own administration and no others; the sealed text is opened for the officer who
has taken the submission on, in memory, and who opened it when is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.contract.sealing import unseal
from portal.errors import Invalid, NoSuchSubmission, Refused
from portal.keys import Keys
from portal.officers import Officer, hold
from portal.settings import Deadlines
from portal.store.database import Connection
from portal.submissions.plaintext import harmless

STAGES = ("deposit", "assign", "process", "answer")
NEXT = {"take": ("deposit", "assign"), "process": ("assign", "process"), "answer": ("process", "answer")}
"""Each step: from which stage to which."""
DATED = {"take": "assigned_at", "process": "processed_at", "answer": "answered_at"}
ANSWER_CHARACTERS = 4000


class OutOfTurn(Refused):
    status, slug, title = 409, "out-of-turn", "This step is not possible at this stage; somebody may have been quicker."


@dataclass(frozen=True, slots=True)
class Submission:
    """What an officer's list shows of one."""

    reference: str
    unit: str
    unit_name: str
    type: str
    service: str | None
    category: str | None
    language: str | None
    administration: str
    stage: str
    officer: str | None
    time: datetime
    transmitted_at: datetime
    assigned_at: datetime | None
    processed_at: datetime | None
    answered_at: datetime | None
    answer: str | None

    def due(self, deadlines: Deadlines) -> datetime | None:
        """By when the next step that has a deadline is due; None once answered."""
        if self.stage == "answer":
            return None
        days = deadlines.assign_days if self.stage == "deposit" else deadlines.answer_days
        return self.transmitted_at + timedelta(days=days)

    def overdue(self, deadlines: Deadlines, now: datetime) -> bool:
        due = self.due(deadlines)
        return due is not None and now > due


_SELECT = """
SELECT reference, unit, u.name, type, service, category, language, s.administration, stage, officer, time, transmitted_at,
    assigned_at, processed_at, answered_at, answer
FROM submissions s JOIN units u USING (unit) WHERE s.administration = %s
"""
LISTED = 500


def of_administration(conn: Connection, officer: Officer, stage: str | None = None) -> list[Submission]:
    """Those of the officer's administration: unanswered first, oldest first; at most LISTED."""
    rows = conn.execute(
        _SELECT.encode() + b" AND (%s::text IS NULL OR stage = %s) ORDER BY (stage = 'answer'), transmitted_at, reference LIMIT %s",
        (officer.administration, stage, stage, LISTED),
    )
    return [Submission(*row) for row in rows]


def one(conn: Connection, officer: Officer, reference: str) -> Submission:
    """Raises NoSuchSubmission, also for another administration's."""
    row = conn.execute(_SELECT.encode() + b" AND reference = %s", (officer.administration, reference)).fetchone()
    if row is None:
        raise NoSuchSubmission
    return Submission(*row)


def step(conn: Connection, officer: Officer, reference: str, what: str, answer: str = "", language: str | None = None) -> None:
    """Go on by one step of NEXT. Raises OutOfTurn, Invalid (no answer, or too long), NoSuchSubmission, or NotSignedIn (`hold`)."""
    before, after = NEXT[what]
    answer = answer.strip()
    if what == "answer" and not 0 < len(answer) <= ANSWER_CHARACTERS:
        raise Invalid(f"An answer has 1 to {ANSWER_CHARACTERS} characters.")
    one(conn, officer, reference)
    said: dict[str, Any] = {
        "after": after, "before": before, "reference": reference, "administration": officer.administration, "me": officer.login,
        "answer": answer.replace("\0", "") or None, "language": language, "take": what == "take",
    }  # fmt: skip
    statement = (
        f"UPDATE submissions SET stage = %(after)s, {DATED[what]} = now(), officer = %(me)s,"
        " answer = COALESCE(%(answer)s, answer), answer_language = COALESCE(%(language)s, answer_language)"
        " WHERE reference = %(reference)s AND administration = %(administration)s AND stage = %(before)s"
        " AND (%(take)s OR officer = %(me)s)"
    )
    with conn.transaction():
        hold(conn, officer)
        if conn.execute(statement.encode(), said).rowcount == 0:
            raise OutOfTurn
        _note(conn, reference, officer, what)


def hand_over(conn: Connection, officer: Officer, reference: str, administration: str) -> None:
    """It concerns another administration: there it waits anew to be taken on. Raises OutOfTurn, Invalid or NoSuchSubmission."""
    one(conn, officer, reference)
    if administration == officer.administration or administration not in administrations(conn):
        raise Invalid("There is no such administration.")
    with conn.transaction():
        changed = conn.execute(
            "UPDATE submissions SET administration = %s, stage = 'deposit', officer = NULL, assigned_at = NULL, processed_at = NULL"
            " WHERE reference = %s AND administration = %s AND stage <> 'answer' AND (officer IS NULL OR officer = %s)",
            (administration, reference, officer.administration, officer.login),
        ).rowcount
        if changed == 0:
            raise OutOfTurn
        _note(conn, reference, officer, f"hand-over: {administration}")


GIVE_BACK = """
WITH given AS (
    UPDATE submissions SET stage = 'deposit', officer = NULL, assigned_at = NULL, processed_at = NULL
    WHERE officer = %(login)s AND stage <> 'answer' RETURNING reference)
INSERT INTO steps(reference, officer, step) SELECT reference, %(login)s, 'give-back' FROM given
"""


def give_back(conn: Connection, login: str) -> int:
    """What an officer who leaves has taken on and not answered waits anew to be taken on by a colleague; how many."""
    return conn.execute(GIVE_BACK, {"login": login}).rowcount


def administrations(conn: Connection) -> list[str]:
    """Those that have an officer who could take a submission on."""
    return [name for (name,) in conn.execute("SELECT DISTINCT administration FROM officers WHERE disabled_at IS NULL ORDER BY 1")]


@dataclass(frozen=True, slots=True)
class Opened:
    """What the citizen wrote, harmless to show."""

    text: str
    phone: str | None
    email: str | None


def open_sealed(conn: Connection, officer: Officer, reference: str, keys: Keys) -> Opened:
    """Unseal it for the officer who has taken it on; that it was opened is written down first.

    Raises NoSuchSubmission, OutOfTurn while it is not theirs, or contract.sealing.CantOpen.
    """
    row = conn.execute(
        "SELECT sealed, officer FROM submissions WHERE reference = %s AND administration = %s", (reference, officer.administration)
    ).fetchone()
    if row is None:
        raise NoSuchSubmission
    if row[1] != officer.login:
        raise OutOfTurn("Take it on first; then you may read it.")
    _note(conn, reference, officer, "open")
    plain = unseal(row[0], reference, keys.private)
    contact = plain.get("contact") or {}
    return Opened(harmless(str(plain.get("text", ""))), _told(contact.get("phone")), _told(contact.get("email")))


def _told(value: object) -> str | None:
    return harmless(str(value)) if value else None


def _note(conn: Connection, reference: str, officer: Officer, what: str) -> None:
    conn.execute("INSERT INTO steps(reference, officer, step) VALUES (%s, %s, %s)", (reference, officer.login, what))


def history(conn: Connection, reference: str) -> list[tuple[datetime, str, str]]:
    """Who did what when, oldest first."""
    rows = conn.execute("SELECT at, officer, step FROM steps WHERE reference = %s ORDER BY at", (reference,))
    return [(at, officer, what) for at, officer, what in rows]


COUNTS = """
SELECT count(*) FILTER (WHERE stage <> 'answer'),
    count(*) FILTER (WHERE stage = 'deposit' AND transmitted_at < %(assign)s OR stage <> 'answer' AND transmitted_at < %(answer)s),
    administration FROM submissions GROUP BY administration ORDER BY administration
"""


def load(conn: Connection, deadlines: Deadlines, now: datetime) -> list[tuple[str, int, int]]:
    """Administration, open submissions, overdue ones."""
    said = {"assign": now - timedelta(days=deadlines.assign_days), "answer": now - timedelta(days=deadlines.answer_days)}
    return [(name, unanswered, late) for unanswered, late, name in conn.execute(COUNTS, said)]
