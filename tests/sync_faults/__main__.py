"""`make sync-faults`: 20,000 events under kill -9 of unit and portal, lost replies and 503 storms; exit code 1 when one is lost."""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

import click

from tests.sync_faults.line import PORTAL_AWAY
from tests.sync_faults.run import Outcome, run


@click.command()
@click.option("--events", default=20_000, show_default=True)
@click.option("--kills", default=50, show_default=True, help="Of unit and portal; PostgreSQL's own come on top.")
@click.option("--batch", default=100, show_default=True, help="Events in a request: smaller, more requests meet a fault.")
@click.option("--seed", type=int, help="Of the dice; a new one when left out.")
@click.option("--minutes", default=10.0, show_default=True, help="The longest it may take.")
def main(events: int, kills: int, batch: int, seed: int | None, minutes: float) -> None:
    """Send events through everything that can go wrong, and count them at the end."""
    seed = random.randrange(10**6) if seed is None else seed
    print(f"{events:,} events, {kills} kills, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="istiqbal-faults-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        outcome = run(Path(name), events, kills, seed, minutes * 60, batch)
    show(outcome)
    sys.exit(bool(outcome.wrong))


def show(outcome: Outcome) -> None:
    line = outcome.line
    away, asked = line.pop(PORTAL_AWAY, 0), line.pop("requests", 0)
    rows = [
        ("events acknowledged by the unit", f"{outcome.acknowledged:,}"),
        ("stored at the portal, each once", f"{outcome.stored:,}"),
        *((f"poison, {what}", f"{count}") for what, count in sorted(outcome.refused.items())),
        *((f"kill -9 of {victim}", f"{count}") for victim, count in sorted(outcome.kills.items())),
        ("starts of the unit (epochs with events)", f"{outcome.starts}"),
        ("requests on the line", f"{asked:,}"),
        *((f"– {what}", f"{count} ({count / max(1, asked):.0%})") for what, count in line.most_common()),
        ("– nobody there, the portal was down", f"{away}"),
        ("seconds in all", f"{outcome.seconds:.0f}"),
    ]
    print("| what | |\n| --- | ---: |")
    for what, value in rows:
        print(f"| {what} | {value} |")
    print("\n".join(f"WRONG: {sentence}" for sentence in outcome.wrong) or "every promise kept", flush=True)


if __name__ == "__main__":
    main()
