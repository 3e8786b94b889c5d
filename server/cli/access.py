"""Who may come in: devices and people."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from server.cli.common import UNIT, as_owner, plainly

ROLES_OF_TOKENS = ("kiosk", "display", "counter", "clerk", "manager", "administrator")
ROLES_OF_PEOPLE = ("clerk", "manager", "administrator")
STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
LOGIN = click.option("--login", required=True)


@click.group()
def token() -> None:
    """Tokens of devices and other systems."""


@token.command("create")
@UNIT
@click.option("--role", type=click.Choice(ROLES_OF_TOKENS), required=True)
@click.option("--name", required=True, help="The device's name; a kiosk's is its name in unit.toml.")
@plainly
@as_owner
def token_create(folder: Path, role: str, name: str) -> None:
    """Make a token for a device and print it, alone. It is not stored and can't be shown again."""
    from server.operations.making import new_token

    click.echo(new_token(folder, role, name))


@click.group()
def user() -> None:
    """People who sign in."""


@user.command("add")
@UNIT
@LOGIN
@click.option("--name", help="The name that others see [the login].")
@click.option("--role", type=click.Choice(ROLES_OF_PEOPLE), required=True)
@STDIN
@plainly
@as_owner
def user_add(folder: Path, login: str, name: str | None, role: str, password_stdin: bool) -> None:
    """Add a person to DIR. The first administrator is made here; who comes after, on the page “People”."""
    from server.operations.admitting import new_person

    new_person(folder, login, name or login, role, _password(password_stdin))
    click.echo(f"Added {login}.")


@user.command("list")
@UNIT
@plainly
def user_list(folder: Path) -> None:
    """Who can sign in: login, role and name, a line each."""
    from server.operations.admitting import list_people

    for person in list_people(folder):
        click.echo(f"{person.details.login}\t{person.details.role}\t{person.details.name}")


@user.command("password")
@UNIT
@LOGIN
@STDIN
@plainly
@as_owner
def user_password(folder: Path, login: str, password_stdin: bool) -> None:
    """Set a person's password; they are signed out everywhere."""
    from server.operations.admitting import new_password

    new_password(folder, login, _password(password_stdin))
    click.echo(f"{login} has a new password and is signed out everywhere.")


@user.command("remove")
@UNIT
@LOGIN
@plainly
@as_owner
def user_remove(folder: Path, login: str) -> None:
    """Remove a person: they are signed out, their name stays in reports and in the journal."""
    from server.operations.admitting import remove_person

    remove_person(folder, login)
    click.echo(f"Removed {login}.")


def _password(stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
