"""The `istiqbal` command. What fails is one sentence on stderr and exit code 1; bad use is exit code 2."""

from __future__ import annotations

from importlib.metadata import version

import click

from server.cli import access, estimating, keeping, looking, portal, reporting, running, setting_up, submissions


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("istiqbal"), prog_name="istiqbal")
def main() -> None:
    """Runs one reception unit: tickets, calls, the hall's display, reports."""


COMMANDS: tuple[click.Command, ...] = (
    running.init,
    running.serve,
    running.demo,
    looking.doctor,
    looking.print_test,
    reporting.report,
    estimating.estimates,
    estimating.import_visits,
    portal.sync,
    portal.sync_key,
    portal.sync_receipts,
    portal.portal_keys,
    keeping.backup,
    keeping.restore,
    keeping.replicate,
    keeping.backup_key,
    setting_up.setup,
    submissions.submissions,
    access.token,
    access.user,
)
for _command in COMMANDS:
    main.add_command(_command)
