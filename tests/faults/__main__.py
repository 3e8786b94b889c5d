"""`make faults`: breaks a real server over loopback in every way we know, and prints what was tried and what was lost.

python -m tests.faults [--quick] [--only NAME] [--write docs/faults.md]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults import machine, power, store, strangers
from tests.faults.hall import Result

BEGIN, END = "<!-- table of faults: begin -->", "<!-- table of faults: end -->"
HEAD = "| fault | tried | acknowledged | lost | twice | what was seen | held |\n| --- | --- | --- | --- | --- | --- | --- |"
Trial = Callable[[bool], Result | list[Result] | None]


def printer_faults(quick: bool) -> list[Result]:
    """The table of docs/printing.md, summed up."""
    from tests.printers.faults import TRIALS, try_fault

    pairs = [(name, line) for name, (_, lines) in TRIALS.items() for line in lines]
    results = [try_fault(name, line) for name, line in (pairs[:4] if quick else pairs)]
    held = sum(result.holds for result in results)
    seen = f"{held} of {len(results)} cases: each ticket on paper once, or known as unknown and at most once (docs/printing.md)"
    ordered, lost, twice = (sum(each) for each in zip(*((one.ordered, one.lost, one.twice) for one in results), strict=True))
    return [
        Result("printer faults", f"{len(results)} cases", ordered, lost, twice, seen, held == len(results) and not lost + twice)
    ]


TRIALS: dict[str, Trial] = {
    "kill": lambda quick: power.kill_9(3 if quick else 200),
    "power": lambda quick: power.power_cut(10 if quick else 300, 1.0 if quick else 5.0),
    "full": lambda quick: store.full_at_any_write(4 if quick else 40),
    "tmpfs": lambda _: store.full_file_system(),
    "locked": lambda quick: store.locked_by_a_stranger(1 if quick else 3),
    "damaged": lambda _: store.damaged_page(),
    "clock": lambda _: machine.clock_jumps(),
    "printers": printer_faults,
    "crowd": lambda quick: strangers.crowd(400 if quick else 1000),
    "frozen": lambda _: strangers.frozen_display(),
    "slow": lambda quick: strangers.slow_requests(100 if quick else 600),
    "nonsense": lambda quick: strangers.nonsense(400 if quick else 10_000),
    "blocked": lambda quick: machine.stands_still(3 if quick else 45),
    "memory": lambda _: machine.memory_ends(16),
}


def run(name: str, quick: bool) -> list[Result]:
    found = TRIALS[name](quick)
    return found if isinstance(found, list) else [found] if found else []


def line(result: Result) -> str:
    cells = (result.what, result.tried, result.acknowledged, result.lost, result.twice, result.seen, "yes" if result.held else "NO")
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def lines(names: list[str], quick: bool) -> Iterator[tuple[str, bool]]:
    """Each result's line as soon as it is there, and whether it held."""
    for name in names:
        begun = time.monotonic()
        try:
            for result in run(name, quick):
                yield line(result), result.held
        except (AssertionError, OSError) as error:
            yield f"| {name} | | | | | {str(error)[:200]} | NO |", False
        print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Breaks the unit and prints what was lost.")
    parser.add_argument("--quick", action="store_true", help="few of each")
    parser.add_argument("--only", action="append", choices=TRIALS, help="these alone")
    parser.add_argument("--write", type=Path, help="a document with a place for the table")
    chosen = parser.parse_args()
    print(HEAD, flush=True)
    rows, held = [], True
    for row, well in lines(chosen.only or list(TRIALS), chosen.quick):
        print(row, flush=True)
        rows.append(row)
        held = held and well
    if chosen.write:
        before, rest = chosen.write.read_text(encoding="utf-8").split(BEGIN)
        text = f"{before}{BEGIN}\n{HEAD}\n" + "\n".join(rows) + f"\n{END}{rest.split(END)[1]}"
        chosen.write.write_text(text, encoding="utf-8")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
