"""Who may come in: devices and people."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from server.cli.common import UNIT, plainly

ROLE = ("kiosk", "display", "clerk", "manager")


@click.group()
def token() -> None:
    """Tokens of devices and other systems."""


@token.command("create")
@UNIT
@click.option("--role", type=click.Choice(ROLE), required=True)
@click.option("--name", required=True, help="The device's name; a kiosk's is its name in unit.toml.")
@plainly
def token_create(folder: Path, role: str, name: str) -> None:
    """Make a token for a device and print it, alone. It is not stored and can't be shown again."""
    from server.operations.making import new_token

    click.echo(new_token(folder, role, name))


@click.group()
def user() -> None:
    """People who sign in."""


@user.command("add")
@UNIT
@click.option("--login", required=True)
@click.option("--name", help="The name that others see [the login].")
@click.option("--role", type=click.Choice(("clerk", "manager")), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@plainly
def user_add(folder: Path, login: str, name: str | None, role: str, password_stdin: bool) -> None:
    """Add a clerk or a manager to DIR."""
    from server.operations.making import new_person

    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if len(password) < 8:
        raise click.UsageError("A password has at least 8 characters.")
    new_person(folder, login, name or login, role, password)
    click.echo(f"Added {login}.")
