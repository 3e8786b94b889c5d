"""Options that name the columns of a file of visits; the commands that read one share them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

if TYPE_CHECKING:
    from server.estimates.visits_file import Columns

FILE = click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path, exists=True, dir_okay=False))
NAMES = {
    "arrival": "when the visitor joined the queue",
    "call": "when the visitor was called; empty: never",
    "start": "when serving began",
    "end": "when the visit ended",
    "service": "the service",
    "counter": "the counter",
    "priority": "the priority as known at arrival; empty: none",
}


def with_columns(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for each column, and two for the way in which times are written."""
    zone = "Zone of times that name none, such as Africa/Casablanca [the unit's; UTC without a unit]."
    command = click.option("--timezone", help=zone)(command)
    command = click.option("--time-format", help="As in strptime, such as “%d/%m/%Y %H:%M” [ISO 8601 or Unix seconds].")(command)
    for name, meaning in reversed(NAMES.items()):
        required = name in ("arrival", "call")
        command = click.option(f"--{name}", metavar="COLUMN", required=required, help=f"Column: {meaning}.")(command)
    return command


def columns_of(options: dict[str, Any], zone: ZoneInfo) -> Columns:
    """The columns as named on the command line; `zone` when no --timezone was given."""
    from server.estimates.visits_file import Columns

    name = options.pop("timezone")
    try:
        return Columns(**options, zone=ZoneInfo(name) if name else zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.UsageError(f"“{name}” is no time zone; use a name such as Africa/Casablanca.") from error


def tell_faults(faults: list[tuple[int, str]], most: int) -> None:
    """Bad rows on stderr, each with its line, the first `most` of them."""
    for line, sentence in faults[:most]:
        click.echo(f"line {line}: {sentence}", err=True)
    if len(faults) > most:
        click.echo(f"… and {len(faults) - most} more bad rows (--faults {len(faults)} tells all)", err=True)


FAULTS = click.option("--faults", type=click.IntRange(0), default=20, show_default=True, help="Tell so many bad rows.")
