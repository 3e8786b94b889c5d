"""The accounts of those who work submissions."""

from __future__ import annotations

from pathlib import Path

import click

from portal.cli.common import FOLDER, connect, plainly

LOGIN = click.argument("login")
PASSWORD = click.password_option(help="At least 12 characters; asked for when left out.")


@click.group()
def officer() -> None:
    """The accounts of those who work submissions."""


@officer.command("add")
@FOLDER
@LOGIN
@click.option("--name", required=True)
@click.option("--administration", required=True, help="Whose submissions the officer sees.")
@PASSWORD
@plainly
def officer_add(folder: Path, login: str, name: str, administration: str, password: str) -> None:
    """Make an account for an officer."""
    from portal import officers

    with connect(folder) as conn:
        officers.add(conn, login, name, administration, password)


@officer.command("disable")
@FOLDER
@LOGIN
@plainly
def officer_disable(folder: Path, login: str) -> None:
    """End an account, at once; what it has taken on and not answered waits anew for a colleague."""
    from portal import officers
    from portal.submissions import working

    with connect(folder) as conn, conn.transaction():
        officers.disable(conn, login)
        count = working.give_back(conn, login)
    click.echo(f"{count} unanswered submissions given back.")


@officer.command("renew")
@FOLDER
@LOGIN
@PASSWORD
@plainly
def officer_renew(folder: Path, login: str, password: str) -> None:
    """A new password; whoever is signed in with the old one is out, and an account that had ended is open again."""
    from portal import officers

    with connect(folder) as conn:
        officers.renew(conn, login, password)
