"""What failed is told with its reason as soon as it is known: a run that is cut off tells it, too.

And a run that never ends ends: each of its processes says where its threads stand, then goes.
"""

from __future__ import annotations

import faulthandler
import os
import threading

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key  # pytest keeps the terminal's there while it captures ours

LONGEST_RUN_S = 45 * 60
LAST_WORD_S = 600
"""So much longer stays the process that talks to the terminal: it tells which tests were under way in a worker that went."""

REASON_LINES = 12
"""Of a failure's long account, the last lines with its reason; the whole comes at the end of the run."""


class ToldAtOnce:
    """Writes beside pytest's own dots, in the process that talks to the terminal."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.failed:
            return
        self._terminal.ensure_newline()
        self._terminal.write_line(f"FAILED in {report.when} after {report.duration:.0f} s: {report.nodeid}")
        lines = report.longreprtext.splitlines()
        for line in [line for line in lines if line.startswith("E ")][:REASON_LINES] or lines[-REASON_LINES:]:
            self._terminal.write_line(f"  {line}")


def give_up(terminal: int) -> None:
    """Not faulthandler's own timer: pytest stops that one at the first failure."""
    faulthandler.dump_traceback(terminal)
    os._exit(1)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Workers have no terminal to write reports to."""
    worker = hasattr(config, "workerinput")
    waits = LONGEST_RUN_S if worker else LONGEST_RUN_S + LAST_WORD_S
    timer = threading.Timer(waits, give_up, [config.stash[fault_handler_stderr_fd_key]])
    timer.daemon = True
    timer.start()
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if isinstance(terminal, pytest.TerminalReporter) and not worker:
        config.pluginmanager.register(ToldAtOnce(terminal), "told-at-once")
