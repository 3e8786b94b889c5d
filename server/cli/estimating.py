"""Estimates: judged on visits of the past."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from server.cli.common import UNIT, as_owner, plainly
from server.cli.visit_columns import FAULTS, FILE, columns_of, tell_faults, with_columns

if TYPE_CHECKING:
    from server.estimates.evaluation import Case

HEADING = ("method", "cases", "mean error", "median", "pinball .5", "pinball .9", "coverage", "mean width", "bias")


@click.group()
def estimates() -> None:
    """Estimated waits."""


@estimates.command()
@FILE
@with_columns
@click.option("--by", type=click.Choice(("service",)), help="A table for each service as well.")
@FAULTS
@plainly
def evaluate(file: Path, by: str | None, faults: int, **options: Any) -> None:
    """Walk forward through FILE.csv, estimating each wait from what was known at the arrival, and print the errors.

    Minutes, beside the baselines. Measures and baselines are defined in docs/estimates.md.
    """
    from server.estimates.evaluation import Walk
    from server.estimates.visits_file import read

    columns = columns_of(options, ZoneInfo("UTC"))
    records = list(read(file, columns))
    tell_faults([(record.line, "; ".join(record.faults)) for record in records if record.faults], faults)
    with click.progressbar(length=2 * len(records), label="Walking forward", update_min_steps=500, file=sys.stderr) as bar:
        cases = Walk(columns.zone).through(records, bar.update)
    if not cases:
        raise click.ClickException(f"{file} has no visit to judge by: {len(records)} rows, none with enough before it.")
    left_out = len(records) - len(cases)
    click.echo(
        f"{len(cases)} visits judged, {left_out} of {len(records)} rows not (bad, never called, or before the first calls)\n"
    )
    _print("all services", cases)
    for service in sorted({case.service for case in cases}) if by else ():
        click.echo()
        _print(service, [case for case in cases if case.service == service])


def _print(title: str, cases: Sequence[Case]) -> None:
    """A Markdown table of each method's measures, and how far the estimate lies below two baselines."""
    from server.estimates.evaluation import DAY_MEAN, LAST_TO_ENTER, OURS, table

    measures = table(cases)
    click.echo(f"{title}, minutes\n")
    click.echo(f"| {HEADING[0]:21} | " + " | ".join(f"{word:>10}" for word in HEADING[1:]) + " |")
    click.echo(f"|{'-' * 23}|" + f"{'-' * 11}:|" * (len(HEADING) - 1))
    for name, one in measures.items():
        minutes = (one.mean_error, one.median_error, one.pinball_50, one.pinball_90)
        cells = [f"{one.cases}", *(f"{value / 60:.2f}" for value in minutes), f"{100 * one.coverage:.1f} %"]
        cells += [f"{one.width / 60:.1f}", f"{one.bias / 60:+.2f}"]
        click.echo(f"| {name:21} | " + " | ".join(f"{cell:>10}" for cell in cells) + " |")
    click.echo()
    for baseline in (LAST_TO_ENTER, DAY_MEAN):
        if measures[baseline].mean_error:
            less = 100 * (1 - measures[OURS].mean_error / measures[baseline].mean_error)
            click.echo(f"mean error {abs(less):.1f} % {'below' if less >= 0 else 'above'} {baseline}")


@click.command("import-visits")
@UNIT
@FILE
@with_columns
@click.option("--map-service", "mapped", multiple=True, metavar="WORD=ID", help="A word of the file and the service it means.")
@click.option("--create", is_flag=True, help="Make closed services of words that name none.")
@FAULTS
@plainly
@as_owner
def import_visits(folder: Path, file: Path, mapped: tuple[str, ...], create: bool, faults: int, **options: Any) -> None:
    """Take visits of FILE.csv into DIR, all good rows or (when it fails) none. Stop the server first."""
    from server import settings
    from server.estimates.visits_file import read
    from server.operations import importing
    from server.operations.making import store_of
    from server.operations.serving import lock

    zone = settings.load(folder).unit.zone
    if wrong := next((one for one in mapped if "=" not in one), None):
        raise click.UsageError(f"--map-service {wrong}: write the word of the file, “=”, and the id of the service.")
    services = dict(one.split("=", 1) for one in mapped)
    columns = columns_of(options, zone)
    with lock(folder):
        done = importing.import_visits(store_of(folder), read(file, columns), zone, services, create)
    tell_faults(done.faults, faults)
    click.echo(f"{done.new} visits imported, {done.known} were there already, {len(done.faults)} bad rows left out.")
