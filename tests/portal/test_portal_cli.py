"""`istiqbal-portal` as an operator uses it, on a database that was empty."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from portal.contract import signing
from portal.settings import load
from tests.portal.postgres import Postgres
from tests.portal.running import Portal


def run(*arguments: object, **kwargs: str) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments], **kwargs)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def made(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "portal"
    done = run("init", folder, "--database", postgres.database("cli"))
    assert done.exit_code == 0, done.output
    return folder


def test_init_makes_a_portal_once(made: Path) -> None:
    assert (made / "portal.toml").stat().st_mode & 0o077 == 0
    assert load(made).keeping.smallest_cell == 5
    again = run("init", made, "--database", load(made).database)
    assert (again.exit_code, "there already" in again.output) == (1, True)
    assert run("migrate", made).output == "0 steps applied.\n"
    assert "0 units" in run("maintain", made).output


def test_a_unit_is_added_renewed_suspended_and_revoked(made: Path, tmp_path: Path) -> None:
    added = run("unit", "add", made, "rabat-1", "--name", "Rabat 1", "--administration", "Commune de Rabat")
    assert (added.exit_code, len(added.output.strip())) == (0, 43), "the secret alone"
    assert "registered already" in run("unit", "add", made, "rabat-1", "--name", "x", "--administration", "x").output
    assert run("unit", "renew", made, "rabat-1").output != added.output
    key = tmp_path / "key.jwk"
    key.write_text(json.dumps(signing.public(signing.new_signing_key())))
    assert run("unit", "renew", made, "rabat-1", "--signing-key", key).output == ""
    for command in (("suspend",), ("suspend", "--lift"), ("revoke",)):
        assert run("unit", command[0], made, "rabat-1", *command[1:]).exit_code == 0
    unknown = run("unit", "revoke", made, "rabat-2")
    assert (unknown.exit_code, "There is no unit rabat-2" in unknown.output) == (1, True)


def test_officers_and_keys(made: Path) -> None:
    adding = ("officer", "add", made, "salma", "--name", "Salma", "--administration", "Commune de Rabat")
    assert "12 characters" in run(*adding, "--password", "short").output
    assert run(*adding, "--password", "a long enough password").exit_code == 0
    assert run("officer", "disable", made, "salma").output == "0 unanswered submissions given back.\n"
    assert "12 characters" in run("officer", "renew", made, "salma", "--password", "short").output
    assert run("officer", "renew", made, "salma", "--password", "another long password").exit_code == 0
    for command in (("disable",), ("renew", "--password", "a long enough password")):
        unknown = run("officer", command[0], made, "nobody", *command[1:])
        assert (unknown.exit_code, "There is no officer nobody" in unknown.output) == (1, True)
    kid = run("key", "rotate", made).output.strip()
    assert kid in [key["kid"] for key in json.loads(run("key", "export", made).output)["keys"]]
    assert '"d"' not in run("key", "export", made).output


def test_figures_and_an_empty_stick(made: Path, tmp_path: Path) -> None:
    assert run("figures", made, "--from", "2026-11-01", "--to", "2026-11-30").output.startswith("unit,day,hour")
    assert run("import", made, tmp_path).output == "nothing to take\n"
    (tmp_path / "x.json").write_text("[]")
    done = run("import", made, tmp_path)
    assert (done.exit_code, "no signature" in done.output) == (1, True)


@pytest.mark.parametrize(("change", "named"), [
    ("raw_days = 400", "raw_days = 0"),
    ("smallest_cell = 5", "smallest_cel = 5"),
    ("[deadlines]", "[deadlines"),
])  # fmt: skip
def test_a_wrong_setting_is_a_sentence(made: Path, tmp_path: Path, change: str, named: str) -> None:
    text = (made / "portal.toml").read_text()
    (tmp_path / "portal.toml").write_text(text.replace(change, named))
    done = run("maintain", tmp_path)
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert "portal.toml" in done.output


def test_no_folder_and_no_database_are_sentences(made: Path, tmp_path: Path) -> None:
    assert "istiqbal-portal init" in run("maintain", tmp_path).output
    done = run("init", tmp_path / "x", "--database", "postgresql://127.0.0.1:1/none")
    assert (done.exit_code, "can't be reached" in done.output) == (1, True)
    assert not (tmp_path / "x").exists()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's own user may enter; pytest's are closed to it."""
    with tempfile.TemporaryDirectory(prefix="istiqbal-portal-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_it_serves_and_says_when_the_database_is_away(open_folder: Path) -> None:
    """Two processes on a PostgreSQL of their own, which stops and comes back under them."""
    portal = Portal(open_folder, processes=2, threads=2)

    def status(path: str) -> tuple[int, str | None]:
        line = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=30)
        line.request("GET", path, headers={"Authorization": "Bearer x"})
        got = line.getresponse()
        got.read()
        line.close()
        return got.status, got.getheader("Retry-After")

    try:
        assert status("/v1") == (401, None)
        portal.postgres.stop()
        assert status("/readyz")[0] == 503
        assert status("/v1") == (503, "5")
        portal.postgres.begin()
        assert {status("/v1")[0] for _ in range(8)} <= {401, 503}
    finally:
        portal.close()


def test_the_contract_needs_neither_database_nor_web() -> None:
    """A unit imports it without the portal's extra."""
    code = "import sys; sys.modules['psycopg'] = sys.modules['flask'] = sys.modules['jsonschema_rs'] = None\n"
    code += "from portal.contract import sealing, signing; import portal.contract as c; c.openapi(); c.schema()"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
