"""What the commands share: the unit's folder as an argument and whose it is, refusals as one sentence, files written whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from server.errors import Refused, UnitError

UNIT = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
OUT = click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file instead of the screen.")


def plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Turn what the unit refuses into one sentence and exit code 1."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except (UnitError, Refused) as error:
            raise click.ClickException(str(error)) from error

    return wrapper


def as_owner(command: Callable[..., None]) -> Callable[..., None]:
    """Typed as root, a command that writes into DIR goes on as the account that DIR belongs to, or will: the unit's server
    could not open what root makes. A file that is given with it must be readable by that account."""

    @wraps(command)
    def wrapper(folder: Path, **kwargs: Any) -> None:
        from server.operations.ownership import become_owner

        given = [value for value in kwargs.values() if isinstance(value, Path) and value.exists()]
        become_owner(folder)
        for path in given:
            if not os.access(path, os.R_OK):
                raise UnitError(f"{path} can't be read by the account that {folder} belongs to; put it where that one may read.")
        command(folder, **kwargs)

    return wrapper


def write_out(text: str, out: Path | None) -> None:
    """To a file, whole or not at all, or to the screen."""
    from server.files import write_whole

    if out is None:
        click.echo(text, nl=False)
        return
    try:
        write_whole(out, text.encode())
    except OSError as error:
        raise UnitError(f"{out} can't be written: {error.strerror}.") from error
