"""The `istiqbal-portal` command. What fails is one sentence on stderr and exit code 1; bad use is exit code 2."""

from __future__ import annotations

import csv
import json
import sys
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from portal.cli.common import FOLDER, connect, plainly
from portal.cli.officers import officer

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("istiqbal"), prog_name="istiqbal-portal")
def main() -> None:
    """The national portal's reference: takes what units send, and shows it to the administrations."""


@main.command()
@FOLDER
@click.option("--database", required=True, metavar="URL", help="postgresql://… of an empty database, PostgreSQL 15 or newer.")
@plainly
def init(folder: Path, database: str) -> None:
    """Make DIR with portal.toml and a key, and the tables in the database."""
    from portal import keys, settings
    from portal.clock import utc_now
    from portal.store import database as store

    with store.connect(database) as conn:
        path = settings.write_new(folder, database)
        keys.rotate(folder, utc_now())
        store.migrate(conn)
    click.echo(f"{path} is written and the tables are made. Next: istiqbal-portal unit add {folder} …")


@main.command()
@FOLDER
@plainly
def migrate(folder: Path) -> None:
    """Bring the database to this version; safe to run while others serve."""
    from portal.store.database import migrate as bring

    with connect(folder) as conn:
        click.echo(f"{bring(conn)} steps applied.")


@main.command()
@FOLDER
@click.option("--host", help="Instead of portal.toml's.")
@click.option("--port", type=click.IntRange(0, 65535), help="Instead of portal.toml's.")
@click.option("--processes", type=click.IntRange(1, 64), help="Instead of portal.toml's.")
@plainly
def serve(folder: Path, **options: Any) -> None:
    """Serve units and officers; behind a TLS terminator, as many of these as needed."""
    from portal import settings
    from portal.serving import serve as run

    loaded = settings.load(folder)
    changed = {name: value for name, value in options.items() if value is not None}
    run(folder, loaded.model_copy(update={"serving": loaded.serving.model_copy(update=changed)}))


@main.command()
@FOLDER
@plainly
def maintain(folder: Path) -> None:
    """Partitions ahead, figures, dropping raw events that are old enough. Run it every five minutes (cron, a timer)."""
    from portal import settings
    from portal.clock import utc_now
    from portal.insight.rolling import maintain as run

    loaded = settings.load(folder)
    with connect(folder) as conn:
        click.echo(run(conn, loaded.figures.target_minutes, loaded.keeping.raw_days, utc_now()))


@main.command("import")
@FOLDER
@click.argument("stick", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--unsigned", metavar="UNIT", help="Take files without signature as this unit's: only what came by a way you trust.")
@click.option("--receipts", type=click.Path(path_type=Path, file_okay=False), help="A folder for the verdicts, to carry back.")
@plainly
def import_(folder: Path, stick: Path, unsigned: str | None, receipts: Path | None) -> None:
    """Take the files that a unit's `folder` adapter wrote to STICK."""
    from portal.clock import utc_now
    from portal.importing import import_folder

    with connect(folder) as conn:
        done = import_folder(conn, stick, utc_now(), unsigned, receipts)
    click.echo(", ".join(f"{count} {word}" for word, count in sorted(done.verdicts.items())) or "nothing to take")
    for sentence in done.refused:
        click.echo(sentence, err=True)
    if done.refused:
        sys.exit(1)


@main.command()
@FOLDER
@click.option("--from", "first", type=DAY, required=True)
@click.option("--to", "last", type=DAY, required=True)
@plainly
def figures(folder: Path, first: datetime, last: datetime) -> None:
    """Figures per unit, day, hour and service as CSV; small cells are empty."""
    from portal import settings
    from portal.insight import showing

    with connect(folder) as conn:
        out = csv.writer(sys.stdout)
        out.writerow(showing.COLUMNS)
        days: tuple[date, date] = (first.date(), last.date())
        out.writerows(showing.cells(conn, *days, settings.load(folder).keeping.smallest_cell))


@main.group()
def unit() -> None:
    """Register units, and end their access."""


UNIT = click.argument("unit")


@unit.command("add")
@FOLDER
@UNIT
@click.option("--name", required=True, help="As the national page shows it.")
@click.option("--administration", required=True, help="Whose officers work its submissions.")
@click.option("--certificate", is_flag=True, help="Known by a client certificate with CN=UNIT; else a secret is printed.")
@click.option("--fingerprint", help="Only the certificate with this fingerprint.")
@click.option("--signing-key", type=click.File("r"), help="The unit's public JWK for files on a stick.")
@plainly
def unit_add(
    folder: Path, unit: str, name: str, administration: str, certificate: bool, fingerprint: str | None, signing_key: Any
) -> None:
    """Register UNIT; prints its secret for OAuth2 unless it has a certificate."""
    from portal import units

    with connect(folder) as conn:
        units.add(conn, unit, name, administration, certificate=certificate, fingerprint=fingerprint)
        if signing_key is not None:
            units.set_signing_key(conn, unit, json.load(signing_key))
        if not certificate and fingerprint is None:
            click.echo(units.new_secret(conn, unit))


@unit.command("renew")
@FOLDER
@UNIT
@click.option("--certificate", is_flag=True, help="Trust a certificate again instead of making a secret.")
@click.option("--fingerprint", help="Only the certificate with this fingerprint.")
@click.option("--signing-key", type=click.File("r"), help="The unit's new public JWK.")
@plainly
def unit_renew(folder: Path, unit: str, certificate: bool, fingerprint: str | None, signing_key: Any) -> None:
    """A new secret (printed), certificate or signing key."""
    from portal import units

    with connect(folder) as conn:
        if signing_key is not None:
            units.set_signing_key(conn, unit, json.load(signing_key))
        elif certificate or fingerprint:
            units.trust_certificate(conn, unit, fingerprint)
        else:
            click.echo(units.new_secret(conn, unit))


@unit.command("revoke")
@FOLDER
@UNIT
@plainly
def unit_revoke(folder: Path, unit: str) -> None:
    """Its secret, tokens, certificate and signing key are worth nothing from now on: a device was stolen."""
    from portal import units

    with connect(folder) as conn:
        units.revoke(conn, unit)


@unit.command("suspend")
@FOLDER
@UNIT
@click.option("--lift", is_flag=True, help="Let it send again.")
@plainly
def unit_suspend(folder: Path, unit: str, lift: bool) -> None:
    """Refuse what UNIT sends (403); it keeps what it owes."""
    from portal import units

    with connect(folder) as conn:
        units.suspend(conn, unit, not lift)


@unit.command("settle")
@FOLDER
@UNIT
@plainly
def unit_settle(folder: Path, unit: str) -> None:
    """You have looked into it: close UNIT's incidents, give up the events that are missing."""
    from portal import units

    with connect(folder) as conn:
        click.echo(f"{units.settle(conn, unit)} missing events given up.")


@main.group()
def key() -> None:
    """The keys that units seal submissions to."""


@key.command("rotate")
@FOLDER
@plainly
def key_rotate(folder: Path) -> None:
    """Offer a new key; the old ones go on opening."""
    from portal import keys, settings
    from portal.clock import utc_now

    settings.load(folder)
    click.echo(keys.rotate(folder, utc_now()))


@key.command("export")
@FOLDER
@plainly
def key_export(folder: Path) -> None:
    """The public keys as GET /v1/keys gives them, for a unit that is never online."""
    from portal.keys import Keys

    click.echo(json.dumps({"keys": Keys(folder).public()}, indent=1))


main.add_command(officer)
