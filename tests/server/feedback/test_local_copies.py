"""A unit that answers by itself: its own key, made elsewhere, opens its own copies and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from server import settings
from server.app import Server
from server.cli import main
from server.feedback import Feedback
from server.feedback.local_copies import harmless
from server.feedback.service import Wish
from server.operations.doctor.feedback import look
from server.sync.line import KEYS_FILE
from server.unit import Unit
from server.visits import VISITOR
from tests.server.feedback.conftest import PortalKey


def run(*arguments: object) -> str:
    done = CliRunner().invoke(main, [str(one) for one in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_what_was_sealed_to_the_units_own_key_is_read_with_its_private_part(
    unit: Unit, portal_key: PortalKey, tmp_path: Path
) -> None:
    run("submissions", "make-key", tmp_path / "own")
    assert (tmp_path / "own").stat().st_mode & 0o077 == 0
    (unit.folder / "own.pub").write_bytes((tmp_path / "own.pub").read_bytes())
    unit.settings = unit.settings.model_copy(update={"feedback": settings.FeedbackSettings(local_key="own.pub")})
    made = Feedback(unit, None)
    made.submit(Wish("complaint", "الانتظار\x1b[2J طويل \u202eevil", "ar"), VISITOR)
    made.stages.stop()
    told = run("submissions", "read", unit.folder, "--key", tmp_path / "own")
    assert "الانتظار<U+001B>[2J طويل <U+202E>evil" in told
    run("submissions", "make-key", tmp_path / "another")
    told = run("submissions", "read", unit.folder, "--key", tmp_path / "another")
    assert "الانتظار" not in told


def test_a_unit_whose_installer_named_a_key_keeps_what_only_that_key_opens(
    folder: Path, portal_key: PortalKey, tmp_path: Path
) -> None:
    """By unit.toml and over HTTP, as it is used."""
    run("submissions", "make-key", tmp_path / "own")
    (folder / "own.pub").write_bytes((tmp_path / "own.pub").read_bytes())
    text = (folder / "unit.toml").read_text().replace('adapter = "none"', 'adapter = "folder"')
    (folder / "unit.toml").write_text(text + '\n[feedback]\nlocal_key = "own.pub"\n')
    server = Server(folder)
    order = {"type": "suggestion", "text": "كراسي للمسنين", "contact": {"phone": "0612345678"}}
    reference = server.app.test_client().post("/api/v1/submissions", json=order).get_json()["reference"]
    server.unit.close()
    assert "كراسي".encode() not in b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    told = run("submissions", "read", folder, "--key", tmp_path / "own")
    assert "كراسي للمسنين" in told
    assert "0612345678" in told
    assert reference[:4] in told


def test_the_private_key_on_the_units_machine_stops_the_start(unit: Unit, tmp_path: Path) -> None:
    run("submissions", "make-key", unit.folder / "own")
    unit.settings = unit.settings.model_copy(update={"feedback": settings.FeedbackSettings(local_key="own")})
    with pytest.raises(Exception, match="private key"):
        Feedback(unit, None)


def test_joiners_of_arabic_and_of_emoji_are_let_through() -> None:
    assert harmless("می\u200cروم 👩\u200d🦽\n") == "می\u200cروم 👩\u200d🦽\n"


def test_the_doctor_says_when_complaints_cant_be_taken(unit: Unit, portal_key: PortalKey) -> None:
    assert [one.level for one in look(unit.folder, unit.settings)] == ["good"]
    (unit.folder / KEYS_FILE).unlink()
    assert [one.level for one in look(unit.folder, unit.settings)] == ["warning"]
