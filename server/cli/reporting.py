"""Reports."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.common import OUT, UNIT, plainly, write_out


@click.group()
def report() -> None:
    """Reports."""


@report.command("wait-times")
@UNIT
@click.option("--from", "first", help="First local day, YYYY-MM-DD [today].")
@click.option("--to", "last", help="Last local day, YYYY-MM-DD [the first day].")
@click.option("--by", type=click.Choice(("service", "hour", "service,hour")), default="service,hour", show_default=True)
@click.option("--format", "form", type=click.Choice(("csv",)), default="csv", show_default=True)
@OUT
@plainly
def wait_times(folder: Path, first: str | None, last: str | None, by: str, form: str, out: Path | None) -> None:
    """Arrivals, outcomes and waiting times of DIR. Figures are defined in docs/figures.md."""
    from server import reports, settings
    from server.clock import local_day, wall_ms
    from server.errors import BadPeriod
    from server.operations.making import store_of
    from server.store import open_reader

    zone = settings.load(folder).unit.zone
    first = first or last or local_day(wall_ms(), zone)
    try:
        period = reports.Period.parse(first, last or first)
    except BadPeriod as error:
        raise click.UsageError(str(error)) from error
    db = open_reader(store_of(folder))
    rows, _ = reports.wait_times(db.conn, period, by, zone)
    write_out(reports.to_csv(rows, by), out)
