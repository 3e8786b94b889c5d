"""Commands that carry a unit's set-up to a file and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli.common import OUT, UNIT, as_owner, plainly

if TYPE_CHECKING:
    from server.editing import Change


@click.group()
def setup() -> None:
    """The whole set-up (services, counters, rules, messages …) as one TOML file."""


@setup.command("export")
@UNIT
@OUT
@plainly
def export(folder: Path, out: Path | None) -> None:
    """Write the set-up of DIR."""
    from server.cli.common import write_out
    from server.operations.carrying import exported

    write_out(exported(folder), out)


@setup.command("import")
@UNIT
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@plainly
@as_owner
def import_(folder: Path, file: Path, dry_run: bool) -> None:
    """Make the set-up of DIR what FILE says. With any fault in it nothing is changed, and its lines are named."""
    from server.operations.carrying import imported

    changes = imported(folder, file, dry_run)
    for change in changes:
        click.echo(_said(change))
    click.echo(f"{len(changes)} changes{' would be' if dry_run else ''} made.")


def _said(change: Change) -> str:
    if change.id is None:
        return f"{change.section}: order"
    done = "added" if change.before is None else "removed" if change.after is None else "changed"
    return f"{change.section} {change.id}: {done}"
