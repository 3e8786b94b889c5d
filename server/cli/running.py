"""Making a unit and running it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli.common import UNIT, as_owner, plainly

if TYPE_CHECKING:
    from server.app import Server

DEMO_REMEDY = "choose another one with --port 9000 (make run PORT=9000)"


@click.command()
@UNIT
@click.option("--profile", help="The set-up to begin with [annexe].")
@click.option("--id", "unit_id", help="The unit's stable id [the folder's name].")
@click.option("--printer", help="The address of the hall's network printer [none yet].")
@click.option("--lan", is_flag=True, help="Let the other machines of the hall in (listen on every address).")
@plainly
@as_owner
def init(folder: Path, profile: str | None, unit_id: str | None, printer: str | None, lan: bool) -> None:
    """Make a unit in DIR: unit.toml to edit, and unit.db filled from a profile. At a terminal it asks what is not said."""
    from server.cli import asking
    from server.operations.making import check_free, id_of, make_unit, network_printer

    check_free(folder)
    if printer is not None and not asking.is_host(printer):
        raise click.UsageError(f"“{printer}” is neither an address nor a name of a machine.")
    if sys.stdin.isatty() and profile is None:
        profile = asking.profile()
        unit_id = unit_id or asking.unit_id(id_of(folder))
        printer = printer or asking.printer()
    printers = {"printers": network_printer(printer)} if printer else {}
    make_unit(folder, profile or "annexe", id=unit_id, host="0.0.0.0" if lan else "127.0.0.1", **printers)
    click.echo(f"Made the unit {folder}. Look at {folder / 'unit.toml'}, then:")
    click.echo(f"  istiqbal user add {folder} --login NAME --role administrator")
    if printer:
        click.echo(f"  istiqbal print-test {folder}")
    click.echo(f"  istiqbal serve {folder}")


@click.command()
@UNIT
@click.option("--host", help="Listen on this address instead of unit.toml's.")
@click.option("--port", type=click.IntRange(1, 65535), help="Listen on this port instead of unit.toml's.")
@plainly
@as_owner
def serve(folder: Path, host: str | None, port: int | None) -> None:
    """Run the unit in DIR until stopped."""
    from server import settings
    from server.operations import serving
    from server.operations.making import store_of
    from server.store import check_whole
    from server.unit import open_unit_store

    loaded = settings.load(folder)
    check_whole(store_of(folder))
    open_unit_store(folder).close()
    host, port = host or loaded.server.host, port or loaded.server.port

    def make() -> Server:
        from server.app import Server

        return Server(folder, loaded)

    serving.run(folder, make, host, port, loaded.server, lambda at, on: click.echo(f"Istiqbal runs at {_url(at, on)}"))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen on this address.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="Listen on this port.")
@click.option("--still", is_flag=True, help="Invent no further visitors while it runs.")
@plainly
def demo(host: str, port: int, still: bool) -> None:
    """Run a unit with invented visitors and a virtual printer, for a first look. Nothing is kept."""
    from server.operations import serving
    from server.operations.demo import life, make_demo
    from server.settings import ServerSettings

    serving.check_port(host, port, DEMO_REMEDY)
    with tempfile.TemporaryDirectory(prefix="istiqbal-demo-") as name:
        folder = Path(name) / "unit"
        keys = make_demo(folder)

        def make() -> Server:
            from server.app import Server

            server = Server(folder, demo=keys)
            return server if still else server.with_worker(life(server.unit))

        serving.run(
            folder,
            make,
            host,
            port,
            ServerSettings(),
            lambda at, on: click.echo(f"Istiqbal's demo runs at {_url(at, on)}  (stop it with Ctrl+C)"),
        )


def _url(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"
