"""A stage in words: each step with its day as written in a language, for pages and for the kiosk (browsers know no Amazigh)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.feedback.submissions import STAGES
from server.feedback.words import STAGE_WORDS, TYPE_WORDS, WRITING_WORDS
from server.printing.slips import grouped
from server.web.language import in_language, written_date

DUE = WRITING_WORDS["follow_due"]


def told(stage: Mapping[str, Any], lang: str, zone: str) -> dict[str, Any]:
    """`{reference (in groups), type, steps: [{word, day, reached}], due, answer}` of a `Feedback.stage`, written in `lang`."""
    reached = STAGES.index(stage["stage"])
    due = (stage.get("deadlines") or {}).get("answered")
    return {
        "reference": grouped(stage["reference"]),
        "type": in_language(lang, TYPE_WORDS[f"type_{stage['type']}"]),
        "steps": [
            {
                "stage": name,
                "word": in_language(lang, STAGE_WORDS[f"stage_{name}"]),
                "day": _day(stage["dates"].get(name), lang, zone),
                "reached": at <= reached,
            }
            for at, name in enumerate(STAGES)
        ],
        "due": in_language(lang, DUE, day=_day(due, lang, zone)) if due and stage["stage"] != "answered" else None,
        "answer": stage.get("answer"),
    }


def _day(instant: str | None, lang: str, zone: str) -> str | None:
    """The local day of an RFC 3339 instant in words; None for one that is missing or unreadable."""
    try:
        return written_date(datetime.fromisoformat(instant), lang, zone) if instant else None
    except ValueError:
        return None
