"""The way to the national portal."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.common import UNIT, as_owner, plainly
from server.errors import UnitError


@click.command()
@UNIT
@click.option("--once", is_flag=True, required=True, help="Send what is owed now, then end.")
@plainly
@as_owner
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


@click.command("sync-key")
@UNIT
@plainly
@as_owner
def sync_key(folder: Path) -> None:
    """Print the public key of the files that DIR's folder adapter signs, for the portal; makes the key at the first call."""
    import json

    from server.operations.making import store_of
    from server.sync.adapters.folder import make_signing_key

    store_of(folder)
    click.echo(json.dumps(make_signing_key(folder)))


@click.command("sync-receipts")
@UNIT
@click.argument("receipts", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False, exists=True))
@plainly
def sync_receipts(folder: Path, receipts: Path) -> None:
    """Take over what the portal's importer wrote to FOLDER: complaints that arrived, and what the portal refused."""
    from server.operations.making import store_of
    from server.store import open_store, transaction
    from server.sync import receipts as carried_back

    db = open_store(store_of(folder))
    with transaction(db):
        arrived, refused = carried_back.settle(db.conn, carried_back.read(receipts))
    db.close()
    click.echo(f"{arrived} submissions transmitted, {refused} deliveries refused.")


@click.command("portal-keys")
@UNIT
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@plainly
@as_owner
def portal_keys(folder: Path, file: Path) -> None:
    """Take over the portal's public keys from FILE (its answer to GET /v1/keys), for a unit that is never online."""
    from server.files import write_whole
    from server.operations.making import store_of
    from server.sync.line import KEYS_FILE, check_keys

    store_of(folder)
    content = file.read_bytes()
    count = check_keys(content)
    write_whole(folder / KEYS_FILE, content)
    click.echo(f"{count} keys taken over.")
