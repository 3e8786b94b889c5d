"""Reports."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from server.cli.common import UNIT, plainly
from server.errors import UnitError

KINDS = {
    "wait-times": "Arrivals, outcomes, waiting times and service level of DIR.",
    "service-times": "Times at the counter and walking times of DIR.",
    "counters": "How long the counters of DIR were open, busy, idle and paused.",
    "out-of-order": "Calls out of order in DIR, with their reasons.",
    "ratings": "How many visitors of DIR rated, and how.",
    "estimate-errors": "How far the estimated waits of DIR were off from what came true.",
}
OPTIONS = (
    click.option("--from", "first", help="First service day, YYYY-MM-DD [today]."),
    click.option("--to", "last", help="Last service day, YYYY-MM-DD [the first day]."),
    click.option(
        "--period",
        type=click.Choice(("today", "yesterday", "this-week", "last-week", "this-month", "last-month", "last-year")),
        help="A period by name instead of two dates.",
    ),
    click.option("--service", "services", multiple=True, help="Only this service; may be given several times."),
    click.option("--language", type=click.Choice(("ar", "zgh", "fr", "en")), default="ar", show_default=True),
    click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file instead of the screen."),
)


def _with_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.group()
def report() -> None:
    """Reports. Figures are defined in docs/figures.md."""


def _command(kind: str, about: str) -> click.Command:
    @click.command(kind, help=f"{about} Figures are defined in docs/figures.md.")
    @UNIT
    @click.option(
        "--by", default="service,hour" if kind == "wait-times" else "", help="One or two keys to split by, as service,hour."
    )
    @click.option("--format", "form", type=click.Choice(("csv", "excel", "xlsx", "pdf")), default="csv", show_default=True)
    @click.option("--whole", is_flag=True, help="All the views a director reads, in one file.")
    @_with_options
    @plainly
    def command(folder: Path, by: str, form: str, whole: bool, language: str, out: Path | None, **asked: Any) -> None:
        from server.reports import work

        place, request = _asked(folder, kind, by, whole, asked)
        if whole and form == "csv":
            raise click.UsageError("--whole writes several tables: add --format excel, xlsx or pdf.")
        if form in ("xlsx", "pdf") and out is None:
            raise click.UsageError(f"A report as {form} needs --out FILE.")
        with progress(kind) as tell:
            written = work.write(place, request, form, language, whole, tell)
        _keep(written.data, out)

    return command


for _kind, _about in KINDS.items():
    report.add_command(_command(_kind, _about))


@report.command("legs")
@UNIT
@click.option("--format", "form", type=click.Choice(("csv", "excel", "xlsx")), default="csv", show_default=True)
@_with_options
@plainly
def legs(folder: Path, form: str, language: str, out: Path | None, **asked: Any) -> None:
    """Every single leg of DIR in a period, of all services or some, row by row, into a file."""
    from server.reports.work import export

    if out is None:
        raise click.UsageError("Say where to write the rows: --out FILE.")
    place, request = _asked(folder, "wait-times", "", False, asked)
    try:
        with progress("legs") as tell:
            count = export(place, request, form, language, out, tell)
    except OSError as error:
        raise UnitError(f"{out} can't be written: {error.strerror}.") from error
    click.echo(f"{count} legs written to {out}.", err=True)


@contextmanager
def progress(label: str) -> Iterator[Callable[[float], None]]:
    """A bar on the screen's error stream, told the share that is done; a stream that is no screen stays silent."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=100, label=label, file=sys.stderr) as bar:
        yield lambda share: bar.update(max(0, int(share * 100) - bar.pos))


def _asked(folder: Path, kind: str, by: str, compared: bool, asked: dict[str, Any]) -> tuple[Any, Any]:
    """Where the unit's figures are, and the request; a period, split or service that is none is bad use."""
    from server import settings, setup
    from server.clock import wall_ms
    from server.errors import BadPeriod, UnknownService
    from server.operations.making import store_of
    from server.reports.asking import place_of
    from server.reports.period import chosen
    from server.reports.request import BadGrouping, Request, keys, look_for
    from server.reports.work import reading

    place = place_of(store_of(folder), settings.load(folder).unit)
    try:
        with reading(place) as conn:
            today = date.fromisoformat(setup.service_day(conn, wall_ms(), place.zone))
            look_for(conn, asked["services"])
        period = chosen(today, asked["first"], asked["last"], asked["period"])
        return place, Request(kind, period, keys(by), asked["services"], compared)
    except (BadPeriod, BadGrouping, UnknownService) as error:
        raise click.UsageError(str(error)) from error


def _keep(data: bytes, out: Path | None) -> None:
    from server.files import write_whole

    if out is None:
        sys.stdout.buffer.write(data)
        return
    try:
        write_whole(out, data)
    except OSError as error:
        raise UnitError(f"{out} can't be written: {error.strerror}.") from error
