"""What root types leaves nothing of root's in a unit: its server, which is another account's, could not open it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

import server
from server import settings
from server.cli import main
from server.operations.backup.making import back_up
from server.operations.making import make_unit
from server.operations.ownership import hand_over, owner_of

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another account")

NOBODY = 65534
TYPED_BY_ROOT = """
import sys
from server.cli import main
for folder in sys.argv[1:3]:  # the first is root's own: what is imported on the way is then at hand for whom root becomes
    for command in (["init", folder, "--profile", "annexe"], ["backup", folder], ["sync-key", folder]):
        main(command, standalone_mode=False)
"""
REFUSED = """
import sys
from server.cli import main
main(["portal-keys", *sys.argv[1:3]])
"""


@pytest.fixture
def theirs() -> Iterator[Path]:
    """A folder of an account that is not root, such as the installer makes /var/lib/istiqbal."""
    with tempfile.TemporaryDirectory() as name:
        os.chown(name, NOBODY, NOBODY)
        yield Path(name)


def owners(folder: Path) -> set[int]:
    return {path.stat().st_uid for path in (folder, *folder.rglob("*"))}


@pytest.mark.skipif(
    not all(path.stat().st_mode & stat.S_IXOTH for path in (*Path(server.__file__).parents, *Path(sys.executable).parents)),
    reason="another account may not read this program",
)
def test_a_unit_and_its_first_backup_made_by_root_belong_to_the_account_whose_folder_it_is(theirs: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", TYPED_BY_ROOT, tmp_path / "roots", theirs / "unit"]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 0, done.stderr
    assert list((theirs / "unit" / "backups").iterdir())
    assert owners(theirs / "unit") == {NOBODY}
    assert owners(tmp_path / "roots") == {0}


@pytest.mark.parametrize("made_by_hand", [False, True])
def test_a_unit_that_root_restores_belongs_to_the_account_whose_folder_it_is(
    folder: Path, theirs: Path, made_by_hand: bool
) -> None:
    back_up(folder, settings.load(folder), datetime.now(UTC), lambda _: None)
    if made_by_hand:
        (theirs / "unit").mkdir()
    done = CliRunner().invoke(main, ["restore", str(folder / "backups"), str(theirs / "unit")])
    assert done.exit_code == 0, done.output
    assert (theirs / "unit" / "unit.db").exists()
    assert owners(theirs / "unit") == {NOBODY}
    assert owners(folder) == {0}


def test_a_file_that_the_units_account_may_not_read_is_named_in_a_sentence(theirs: Path, tmp_path: Path) -> None:
    make_unit(theirs / "unit", "annexe")
    hand_over(theirs / "unit", owner_of(theirs))
    keys = tmp_path / "keys.json"
    keys.touch(mode=0o600)
    done = subprocess.run([sys.executable, "-c", REFUSED, theirs / "unit", keys], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{keys} can't be read by the account that" in done.stderr
    assert "Traceback" not in done.stderr
