"""What the commands share: the unit's folder as an argument, refusals as one sentence, files written whole."""

from __future__ import annotations

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
