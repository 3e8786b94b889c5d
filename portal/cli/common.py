"""What every command does: say in a sentence what can't be done, and reach the database of a portal's folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portal.errors import PortalError

if TYPE_CHECKING:
    from portal.store.database import Connection

FOLDER = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))


def plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Turn what can't be done into one sentence and exit code 1."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> None:
        import psycopg

        try:
            command(*args, **kwargs)
        except PortalError as error:
            raise click.ClickException(str(error)) from error
        except psycopg.Error as error:
            raise click.ClickException(f"The database refused: {str(error).strip().splitlines()[0]}") from error

    return wrapper


def connect(folder: Path) -> Connection:
    """The database that DIR's portal.toml names. Raises PortalError."""
    from portal import settings
    from portal.store import database

    return database.connect(settings.load(folder).database)
