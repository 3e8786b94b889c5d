"""The way to the national portal."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.common import UNIT, plainly
from server.errors import UnitError


@click.command()
@UNIT
@click.option("--once", is_flag=True, required=True, help="Send what is owed now, then end.")
@plainly
def sync(folder: Path, once: bool) -> None:
    """Send what DIR owes to the national portal."""
    from server import settings
    from server import sync as outbox
    from server.operations.making import store_of
    from server.store import open_store

    loaded = settings.load(folder)
    adapter = outbox.adapter(loaded, folder)
    if adapter is None:
        raise UnitError(f"{folder / 'unit.toml'} names no way to the portal: set adapter under [portal].")
    db = open_store(store_of(folder))
    sent = outbox.drain_store(db, loaded.unit.id, adapter)
    db.close()
    click.echo(f"{sent} events sent.")
