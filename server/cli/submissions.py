"""Submissions at a unit that answers locally: a key of its own, and reading what was sealed to it."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.common import UNIT, plainly


@click.group()
def submissions() -> None:
    """The copies of complaints, observations and suggestions that are sealed to the unit's own key."""


@submissions.command("make-key")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@plainly
def make_key(file: Path) -> None:
    """Make a key: the private one in FILE, which stays off the unit's machine, the public one in FILE.pub."""
    from server.feedback.local_copies import make_key

    public = make_key(file)
    click.echo(f"{file} opens what is sealed to {public}. Keep {file} off the unit's machine.")


@submissions.command("read")
@UNIT
@click.option("--key", "file", type=click.Path(path_type=Path, dir_okay=False, exists=True), required=True, help="The private key.")
@plainly
def read(folder: Path, file: Path) -> None:
    """Print what was sealed to the unit's own key in DIR, the newest first. Control characters are shown, not obeyed."""
    from server.feedback.local_copies import read
    from server.operations.making import store_of
    from server.store import open_reader

    db = open_reader(store_of(folder))
    try:
        for told in read(db.conn, file):
            click.echo(told)
    finally:
        db.close()
