"""Looking a unit over, and trying its paper."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.common import UNIT, plainly


@click.command()
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
    found = examination.examine(folder, loaded, not no_printers)
    if not examination.report(found, click.echo, loaded.unit.timezone):
        raise SystemExit(1)


@click.command("print-test")
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
    slip = paper.example_slip(db.conn, loaded, language, service, on_paper=preview is None)
    db.close()
    if preview is not None:
        dots = int(width) if width else (loaded.printers[0].width_dots if loaded.printers else None)
        paper.write_preview(slip, dots or 576, preview)
        click.echo(f"Drew {preview}.")
    else:
        click.echo(paper.print_slip(slip, paper.printer_named(loaded, printer)))
