"""The examples of docs/calling-rules.md, run."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from server.calling import AFTER, END, PLACE, PREFERENCES, Candidate, PutBack, Rules, WorkProfile, choose_next

MINUTE = 60_000
PAGE = Path("docs/calling-rules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```example\n(.*?)```", PAGE, re.DOTALL)
WAITING = re.compile(r"(\w+) ([\w-]+) (\d+) min ?(?:due in (\d+) min|(\d+) min late)? ?(?:(sent here)|([\w-]+))?")


@dataclass
class Example:
    rules: Rules = field(default_factory=Rules)
    profile: WorkProfile = field(default_factory=WorkProfile)
    waiting: list[Candidate] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)


def read(block: str) -> Example:
    example = Example()
    for line in block.strip().splitlines():
        word, _, text = line.partition(": ")
        if word == "settings":
            cap, one_in = re.fullmatch(r"cap (\d+) min, prefer 1 in (\d+)", text).groups()  # type: ignore[union-attr]
            example.rules = replace(example.rules, cap_ms=int(cap) * MINUTE, prefer_one_in=int(one_in))
        elif word == "profile":
            ranks = enumerate(text.split(" > "))
            example.profile = WorkProfile({service: rank for rank, group in ranks for service in group.split(" + ")})
        elif word == "waiting":
            example.waiting.append(candidate(text, len(example.waiting)))
        elif word == "back":
            example.waiting.append(put_back(text, example.waiting))
        else:
            assert word == "calls", line
            example.calls = text.split(", ")
    return example


def candidate(text: str, place: int) -> Candidate:
    match = WAITING.fullmatch(text)
    assert match, text
    ticket, service, minutes, due, late, sent, priority = match.groups()
    due_in = int(due) * MINUTE if due else -int(late) * MINUTE if late else None
    return Candidate(ticket, 1, service, priority, place, int(minutes) * MINUTE, due_in, bool(sent))


def put_back(text: str, waiting: list[Candidate]) -> Candidate:
    """Somebody who was there before all who wait; the rule's place, or the queue's end."""
    who, _, where = text.partition(", ")
    after = re.fullmatch(r"after the next (\d+)", where)
    rule = PutBack(AFTER, int(after[1])) if after else PutBack({"at the end": END, "at the old place": PLACE}[where])
    place = rule.place(-1, sorted(one.place for one in waiting))
    return replace(candidate(who, 0), place=len(waiting) if place is None else place, put_back=rule.where != PLACE)


@pytest.mark.parametrize("block", BLOCKS)
def test_the_example_is_true(block: str) -> None:
    example = read(block)
    assert example.waiting
    waiting, run, called = list(example.waiting), example.rules.prefer_one_in, []
    for _ in example.calls:
        choice = choose_next(waiting, example.rules, example.profile, run)
        if choice is None:
            called.append("nobody")
            continue
        waiting.remove(choice.candidate)
        run = 0 if choice.rule in PREFERENCES else run + 1
        called.append(f"{choice.candidate.visit} {choice.rule}")
    assert called == example.calls


def test_the_page_has_an_example_for_every_rule() -> None:
    shown = set(
        re.findall(r"\w+ ([a-z-]+)[,\n]", "\n".join(line for b in BLOCKS for line in b.splitlines() if "calls:" in line) + "\n")
    )
    assert {"arrival", "priority", "waited-past-cap", "service-order", "appointment", "reserved"} <= shown
