"""What `init` asks at a terminal: as little as it can, each question with a word on what it is for."""

from __future__ import annotations

import ipaddress
import re

import click


def profile() -> str:
    """One of the profiles, by number or by name."""
    from server import setup

    names = setup.profiles()
    click.echo(
        "What kind of place is this? It decides which services, priorities and hours to begin with; all can be changed later."
    )
    for number, name in enumerate(names, start=1):
        titles = setup.profile(name)["name"]
        click.echo(f"  {number:>2}  {name:<16} {titles.get('fr', '')} · {titles.get('ar', '')}")
    numbers = {str(number): name for number, name in enumerate(names, start=1)}
    default = str(names.index("annexe") + 1)
    answer = click.prompt("Number", default=default, type=click.Choice([*numbers, *names]), show_choices=False)
    return numbers.get(answer, answer)


def unit_id(default: str) -> str:
    """A stable word; the portal knows the unit by it."""
    click.echo("\nA short name that never changes, in small letters, such as rabat-annexe-6. The portal knows the unit by it.")
    while True:
        answer = str(click.prompt("Short name", default=default))
        if re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", answer):
            return answer
        click.echo("Small letters, digits, “.”, “_” and “-” only, please.")


def printer() -> str | None:
    """The address of a network printer, None for none yet."""
    click.echo(
        "\nThe ticket printer's address in the network, such as 192.168.1.50 (it prints it when switched on with its button held)."
    )
    click.echo("Nothing yet, or a printer with a cable: press Enter; docs/printing.md has the lines to write into unit.toml.")
    while True:
        answer = str(click.prompt("Printer", default="", show_default=False)).strip()
        if not answer or is_host(answer):
            return answer or None
        click.echo("This is neither an address nor a name of a machine.")


def is_host(text: str) -> bool:
    """Whether a text can stand as `host` of a printer."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return bool(re.fullmatch(r"(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*", text)) and not re.fullmatch(r"[\d.]+", text)
    return True
