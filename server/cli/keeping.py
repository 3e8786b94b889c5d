"""Backups, and coming back from one."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.common import UNIT, as_owner, plainly


@click.command()
@UNIT
@click.option("--to", help="Keep it in this place alone instead of those in unit.toml: a folder, or ssh://user@host/folder.")
@plainly
@as_owner
def backup(folder: Path, to: str | None) -> None:
    """Make a checked copy of the unit in DIR, while it runs or not, in every place named in unit.toml."""
    from datetime import UTC, datetime

    from server import settings
    from server.operations.backup.making import back_up
    from server.operations.making import store_of

    loaded = settings.load(folder)
    store_of(folder)
    back_up(folder, loaded, datetime.now(UTC), click.echo, to)


@click.command()
@click.argument("source", metavar="BACKUP")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="The file with the secret key.")
@click.option("--unit", help="Which unit's, when several keep their backups in one place.")
@click.option(
    "--replica",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The folder that follows the database: go on from its last second.",
)
@plainly
def restore(source: str, folder: Path, key: Path | None, unit: str | None, replica: Path | None) -> None:
    """Make the unit of BACKUP (a file, or a place, whose newest is taken) in DIR, which is empty or not there yet."""
    from server.operations.backup.restoring import restore as bring_back

    manifest = bring_back(source, folder, _secret(key) if key else None, unit, replica)
    click.echo(f"Restored {manifest['unit']} as of {manifest['made_at']}. Now: istiqbal serve {folder}")


@click.command()
@UNIT
@plainly
@as_owner
def replicate(folder: Path) -> None:
    """Send each change of DIR's database to the second PC named in unit.toml, until stopped."""
    from server import settings
    from server.operations.backup import standby
    from server.operations.making import store_of

    loaded = settings.load(folder)
    store_of(folder)
    standby.replicate(folder, loaded)


@click.command("backup-key")
@plainly
def backup_key() -> None:
    """Make a pair of keys for sealed backups: the secret one for the safe, the public one for unit.toml."""
    from server.operations.backup.archive import new_key

    secret, public = new_key()
    click.echo(f"# keep this file in a safe, not on the unit\n# public key: {public}\n{secret}")
    click.echo(f'Under [backup] in unit.toml: key = "{public}"', err=True)


def _secret(file: Path) -> str:
    """The line of a key file that is the key; the rest are remarks, as `age-keygen` writes them."""
    lines = file.read_text(encoding="ascii", errors="replace").splitlines()
    return next((line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")), "")
