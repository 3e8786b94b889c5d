"""The page of reports arrives in parts: the form at once, a bar while the report takes longer than a second, then the report."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from manager import report_views
from server.reports import asking, process, work
from server.reports.process import ReportFailed
from server.unit import Unit
from tests.conftest import ToldClock
from tests.programs import Program
from tests.server.reports.test_reports import a_morning


class Slow:
    """A report that is asked about three times before it is there, or fails."""

    def __init__(self, fails: bool = False) -> None:
        self._shares = [0.0, 0.25, 0.75]
        self._fails = fails
        self.asked: list[float] = []

    def done_within(self, seconds: float) -> bool:
        self.asked.append(seconds)
        return not self._shares

    @property
    def share(self) -> float:
        return self._shares.pop(0)

    def result(self) -> str:
        if self._fails:
            raise ReportFailed
        return "<h2>the sections</h2>"


def parts(caller: Program, address: str = "/manager/reports?period=today&lang=fr") -> list[str]:
    answer = caller.get(address)
    assert answer.status_code == 200
    return [part.decode() for part in answer.iter_encoded()]


def test_the_form_is_sent_before_the_report_is_made(callers: dict[str, Program]) -> None:
    first, *_, last = parts(callers["manager"])
    assert 'id="report"' in first
    assert "</form>" in first
    assert 'id="made"' not in first
    assert 'id="made"' in last
    assert "</html>" in last


def test_what_takes_longer_than_a_second_has_a_bar_until_it_is_there(
    callers: dict[str, Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow()
    monkeypatch.setattr(asking, "page", lambda *_: slow)
    form, *bars, report = parts(callers["manager"])
    assert "<progress" not in form
    assert [bar.split('value="')[1].split('"')[0] for bar in bars] == ["0", "25", "75"]
    assert '<div class="report-sections" id="made"><h2>the sections</h2></div>' in report
    assert slow.asked == [report_views.SOON_S, *[report_views.EVERY_S] * 3]


def test_a_report_that_fails_half_way_says_so_below_the_form(callers: dict[str, Program], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "page", lambda *_: Slow(fails=True))
    *_, last = parts(callers["manager"])
    assert 'class="fault" role="alert">Le rapport' in last
    assert 'id="made"' not in last


def waits_for(path: Path, progress: Callable[[float], None]) -> str:
    """Something that is half done until a file is there; done in the process of reports."""
    progress(0.5)
    while not path.exists():
        pass
    return path.read_text()


def test_the_process_of_reports_tells_how_far_it_is(tmp_path: Path) -> None:
    job = process.begin(waits_for, tmp_path / "go")
    behind = process.begin(waits_for, tmp_path / "go")
    while job.share < 0.5:
        assert not job.done_within(0.01)
    assert behind.share == 0.0, "it waits for its turn"
    (tmp_path / "go.part").write_text("gone")
    (tmp_path / "go.part").rename(tmp_path / "go")
    assert (job.result(), behind.result()) == ("gone", "gone")


def test_a_process_that_died_while_nobody_waited_is_replaced() -> None:
    died = process.run(os.getpid)
    manager: Any = getattr(process._kept._pool, "_executor_manager_thread")  # noqa: B009  # typeshed does not know it
    os.kill(died, signal.SIGKILL)
    manager.join(60)
    assert process.run(os.getpid) != died


def takes(size: int) -> int:
    """Bytes that are really there."""
    return len(bytearray(size))


def test_a_report_that_needs_more_memory_than_there_is_for_it_is_refused_in_words() -> None:
    assert process.run(takes, 1000) == 1000
    with pytest.raises(process.ReportTooLarge):
        process.run(takes, process.MOST_MEMORY)
    assert process.run(takes, 1000) == 1000


def test_a_whole_report_tells_its_share_from_nothing_to_all(unit: Unit, clock: ToldClock) -> None:
    a_morning(unit, clock)
    told: list[float] = []
    asked = asking.request(unit, "wait-times", None, None, "service", compared=True)
    work.page(asking.place_of(unit.path, unit.settings.unit), asked, "fr", True, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 10


def test_a_report_is_made_where_nothing_else_wants_the_processor() -> None:
    assert process.run(os.sched_getscheduler, 0) == os.SCHED_IDLE
