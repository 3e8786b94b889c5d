"""The table of faults in docs/printing.md, line by line."""

from pathlib import Path

import pytest

from tests.printers import cable
from tests.printers.faults import BEGIN, TRIALS, try_cable, try_fault


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, (_, lines) in TRIALS.items() for line in lines])
def test_it_loses_and_doubles_nothing(name: str, line: str) -> None:
    result = try_fault(name, line)
    assert result.holds, result


@pytest.mark.skipif(not cable.possible(), reason="only root may make network namespaces")
@pytest.mark.parametrize("when", ["between", "during"])
def test_it_notices_a_network_cable_that_is_really_pulled(when: str) -> None:
    result = try_cable(when)
    assert result.holds, result


def test_the_table_is_in_the_documentation() -> None:
    text = (Path(__file__).parents[2] / "docs" / "printing.md").read_text(encoding="utf-8")
    assert BEGIN in text
    for name in TRIALS:
        assert f"| {name} |" in text
