"""What failed is told with its reason as soon as it is known: a run that is cut off tells it, too."""

from __future__ import annotations

import pytest

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


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Workers have no terminal."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if isinstance(terminal, pytest.TerminalReporter) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(ToldAtOnce(terminal), "told-at-once")
