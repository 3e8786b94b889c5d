"""The `istiqbal` command. What fails is one sentence on stderr and exit code 1; bad use is exit code 2."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from server.errors import Refused, UnitError

if TYPE_CHECKING:
    from server.app import Server

UNIT = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
DEMO_REMEDY = "choose another one with --port 9000 (make run PORT=9000)"
ROLE = ("kiosk", "display", "clerk", "manager")


def plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Turn what the unit refuses into one sentence and exit code 1."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except (UnitError, Refused) as error:
            raise click.ClickException(str(error)) from error

    return wrapper


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("istiqbal"), prog_name="istiqbal")
def main() -> None:
    """Runs one reception unit: tickets, calls, the hall's display, reports."""


@main.command()
@UNIT
@click.option("--profile", default="annexe", show_default=True, help="The set-up to begin with.")
@click.option("--id", "unit_id", help="The unit's stable id [the folder's name].")
@plainly
def init(folder: Path, profile: str, unit_id: str | None) -> None:
    """Make a unit in DIR: unit.toml to edit, and unit.db filled from a profile."""
    from server.operations.making import make_unit

    make_unit(folder, profile, id=unit_id)
    click.echo(f"Made the unit {folder}. Look at {folder / 'unit.toml'}, then: istiqbal serve {folder}")


@main.command()
@UNIT
@click.option("--host", help="Listen on this address instead of unit.toml's.")
@click.option("--port", type=click.IntRange(1, 65535), help="Listen on this port instead of unit.toml's.")
@plainly
def serve(folder: Path, host: str | None, port: int | None) -> None:
    """Run the unit in DIR until stopped."""
    from server import settings
    from server.operations import serving
    from server.operations.making import store_of
    from server.unit import open_unit_store

    loaded = settings.load(folder)
    store_of(folder)
    open_unit_store(folder).close()
    host, port = host or loaded.server.host, port or loaded.server.port

    def make() -> Server:
        from server.app import Server

        return Server(folder, loaded)

    serving.run(folder, make, host, port, loaded.server.threads, lambda: click.echo(f"Istiqbal runs at {_url(host, port)}"))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen on this address.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="Listen on this port.")
@click.option("--still", is_flag=True, help="Invent no further visitors while it runs.")
@plainly
def demo(host: str, port: int, still: bool) -> None:
    """Run a unit with invented visitors and a virtual printer, for a first look. Nothing is kept."""
    from server.operations import serving
    from server.operations.demo import life, make_demo

    serving.check_port(host, port, DEMO_REMEDY)
    with tempfile.TemporaryDirectory(prefix="istiqbal-demo-") as name:
        folder = Path(name) / "unit"
        keys = make_demo(folder)

        def make() -> Server:
            from server.app import Server

            server = Server(folder, demo=keys)
            return server if still else server.with_worker(life(server.unit))

        address = _url(host, port)
        serving.run(folder, make, host, port, 128, lambda: click.echo(f"Istiqbal's demo runs at {address}  (stop it with Ctrl+C)"))


@main.command()
@UNIT
@click.option("--no-printers", is_flag=True, help="Leave the printers alone (while the server runs they are its own).")
@plainly
def doctor(folder: Path, no_printers: bool) -> None:
    """Look DIR over: each finding is a sentence with a remedy. Exit code 1 when there is a fault."""
    from server import settings
    from server.operations import doctor as examination
    from server.operations.making import store_of

    loaded = settings.load(folder)
    store_of(folder)
    if not examination.report(examination.examine(folder, loaded, not no_printers), click.echo):
        raise SystemExit(1)


@main.group()
def report() -> None:
    """Reports."""


@report.command("wait-times")
@UNIT
@click.option("--from", "first", help="First local day, YYYY-MM-DD [today].")
@click.option("--to", "last", help="Last local day, YYYY-MM-DD [the first day].")
@click.option("--by", type=click.Choice(("service", "hour", "service,hour")), default="service,hour", show_default=True)
@click.option("--format", "form", type=click.Choice(("csv",)), default="csv", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file instead of the screen.")
@plainly
def wait_times(folder: Path, first: str | None, last: str | None, by: str, form: str, out: Path | None) -> None:
    """Arrivals, outcomes and waiting times of DIR. Figures are defined in docs/figures.md."""
    from server import reports, settings
    from server.clock import local_day, wall_ms
    from server.errors import BadPeriod
    from server.operations.making import store_of
    from server.store import open_reader

    zone = settings.load(folder).unit.zone
    first = first or last or local_day(wall_ms(), zone)
    try:
        period = reports.Period.parse(first, last or first)
    except BadPeriod as error:
        raise click.UsageError(str(error)) from error
    db = open_reader(store_of(folder))
    rows, _ = reports.wait_times(db.conn, period, by, zone)
    _write(reports.to_csv(rows, by), out)


@main.command()
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


@main.command("print-test")
@UNIT
@click.option("--printer", help="A printer of unit.toml [the only one].")
@click.option("--language", type=click.Choice(("ar", "zgh", "fr", "en")), default="ar", show_default=True)
@click.option("--service", help="The service on the ticket [the first one].")
@click.option("--preview", type=click.Path(path_type=Path, dir_okay=False), help="Draw the ticket into this PNG file instead.")
@click.option("--width", type=click.Choice(("576", "384")), help="Dots across the paper, for a preview [the printer's].")
@plainly
def print_test(
    folder: Path, printer: str | None, language: str, service: str | None, preview: Path | None, width: str | None
) -> None:
    """Print a ticket of DIR that nobody took, or draw it."""
    from server import settings
    from server.operations import paper
    from server.operations.making import store_of
    from server.store import open_reader

    loaded = settings.load(folder)
    db = open_reader(store_of(folder))
    slip = paper.example_slip(db.conn, loaded, language, service)
    db.close()
    if preview is not None:
        dots = int(width) if width else (loaded.printers[0].width_dots if loaded.printers else None)
        paper.write_preview(slip, dots or 576, preview)
        click.echo(f"Drew {preview}.")
    else:
        click.echo(paper.print_slip(slip, paper.printer_named(loaded, printer)))


@main.group()
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


@main.group()
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


def _url(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


def _write(text: str, out: Path | None) -> None:
    from server.files import write_whole

    if out is None:
        click.echo(text, nl=False)
        return
    try:
        write_whole(out, text.encode())
    except OSError as error:
        raise UnitError(f"{out} can't be written: {error.strerror}.") from error
