"""The `istiqbal` command as an installer meets it."""

from __future__ import annotations

import csv
import io
import os
import socket
import subprocess
from pathlib import Path

import pytest

from server import settings
from server.cli import main
from server.store import open_store
from tests.running import ISTIQBAL


def istiqbal(*words: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([ISTIQBAL, *map(str, words)], input=stdin, capture_output=True, text=True, timeout=60)


def refused(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """Exit code, one sentence on stderr, no trace."""
    assert done.returncode == code, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_it_makes_a_unit_and_never_over_another(tmp_path: Path) -> None:
    done = istiqbal("init", tmp_path / "rabat-6", "--profile", "annexe")
    assert done.returncode == 0, done.stderr
    assert 'id = "rabat-6"' in (tmp_path / "rabat-6/unit.toml").read_text()
    refused(istiqbal("init", tmp_path / "rabat-6"), 1, "already holds a unit")
    refused(istiqbal("init", tmp_path / "other", "--profile", "castle"), 1, "castle", "annexe")
    assert not (tmp_path / "other").exists()


def test_it_asks_at_a_terminal_what_was_not_said(tmp_path: Path) -> None:
    """A real terminal (pty); nonsense is asked again."""
    import pty

    folder = tmp_path / "unit"
    master, terminal = pty.openpty()
    process = subprocess.Popen([ISTIQBAL, "init", folder], stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    os.close(terminal)
    os.write(master, "\n".join(["99", "tribunal", "Rabat!", "rabat-tpi", "not an address", "192.168.1.50", ""]).encode())
    said, _ = process.communicate(timeout=60)
    os.close(master)
    assert process.returncode == 0, said.decode()
    text = (folder / "unit.toml").read_text()
    assert 'id = "rabat-tpi"' in text
    assert 'host = "192.168.1.50"' in text
    assert settings.load(folder).printer_of("kiosk-1") == "hall-1"


def test_it_takes_the_printers_address_on_the_command_line(tmp_path: Path) -> None:
    done = istiqbal("init", tmp_path / "unit", "--profile", "prison", "--printer", "192.0.2.10", "--lan")
    assert done.returncode == 0, done.stderr
    assert settings.load(tmp_path / "unit").server.host == "0.0.0.0"
    refused(istiqbal("init", tmp_path / "other", "--printer", "no address"), 2, "no address")


def test_it_prints_a_token_alone(folder: Path) -> None:
    done = istiqbal("token", "create", folder, "--role", "kiosk", "--name", "kiosk-1")
    assert done.returncode == 0
    assert len(done.stdout.split()) == 1
    refused(istiqbal("token", "create", folder, "--role", "king", "--name", "x"), 2, "king")


def test_it_adds_people_with_a_password_that_is_never_stored(folder: Path) -> None:
    words = ("user", "add", folder, "--login", "salma", "--role", "clerk", "--password-stdin")
    assert istiqbal(*words, stdin="a long password\n").returncode == 0
    assert b"a long password" not in (folder / "unit.db").read_bytes()
    refused(istiqbal(*words, stdin="a long password\n"), 1, "salma", "taken")
    refused(istiqbal(*words, stdin="short\n"), 1, "10 characters")


def test_it_reports_as_csv(folder: Path, tmp_path: Path) -> None:
    done = istiqbal("report", "wait-times", folder, "--from", "2026-11-01", "--to", "2026-11-30", "--format", "csv")
    assert done.returncode == 0
    assert next(csv.reader(io.StringIO(done.stdout)))[:3] == ["service", "hour", "arrivals"]
    out = tmp_path / "report.csv"
    assert istiqbal("report", "wait-times", folder, "--out", out).returncode == 0
    assert out.read_text().startswith("service,hour,arrivals")
    refused(istiqbal("report", "wait-times", folder, "--from", "2026-12-01", "--to", "2026-11-01"), 2, "YYYY-MM-DD")
    refused(istiqbal("report", "wait-times", tmp_path / "nowhere"), 1, "istiqbal init")
    refused(istiqbal("report", "wait-times", folder, "--service", "unicorns"), 2, "unicorns")
    refused(istiqbal("report", "legs", folder, "--service", "unicorns", "--out", out), 2, "unicorns")
    refused(istiqbal("report", "wait-times", folder, "--whole"), 2, "--format excel, xlsx or pdf")


def test_it_syncs_once_or_says_that_there_is_no_way(folder: Path) -> None:
    refused(istiqbal("sync", folder, "--once"), 1, "adapter", "[portal]")
    text = (folder / "unit.toml").read_text().replace('adapter = "none"', 'adapter = "folder"')
    (folder / "unit.toml").write_text(text)
    done = istiqbal("sync", folder, "--once")
    assert (done.returncode, done.stdout) == (0, "0 events sent.\n")


def test_it_refuses_to_serve_with_one_sentence(folder: Path, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused(istiqbal("serve", folder, "--port", port), 1, str(port), "--port")
        refused(istiqbal("demo", "--port", port), 1, str(port), "--port")
    refused(istiqbal("serve", folder, "--host", "192.0.2.1"), 1, "192.0.2.1")
    refused(istiqbal("serve", tmp_path / "nowhere"), 1, "istiqbal init")
    (folder / "unit.toml").write_text((folder / "unit.toml").read_text().replace("port = 8080", "prot = 8080"))
    refused(istiqbal("serve", folder), 1, "server.prot")


def test_it_refuses_a_database_from_a_newer_version(folder: Path) -> None:
    db = open_store(folder / "unit.db")
    db.execute("PRAGMA user_version = 99")
    db.close()
    refused(istiqbal("serve", folder), 1, "newer")


def test_the_doctor_names_what_is_wrong_with_a_remedy(folder: Path) -> None:
    stick = folder.parent / "stick"
    stick.mkdir()
    with (folder / "unit.toml").open("a") as file:
        file.write(f'\n[backup]\nto = ["{stick}"]\n')
    assert istiqbal("backup", folder).returncode == 0
    done = istiqbal("doctor", folder)
    assert done.returncode == 0, done.stdout
    assert "WARNING" not in done.stdout
    db = open_store(folder / "unit.db")
    db.execute("""UPDATE services SET name = '{"ar": "خدمة ☃", "fr": "Neige ☃"}' WHERE id = 'autres'""")
    db.execute("""UPDATE service_information SET fees = '{"ar": "مجانا"}' WHERE service = 'residence'""")
    db.close()
    path = folder / "unit.toml"
    table = '[[printers]]\nname = "hall-1"\ntransport = "network"\nhost = "127.0.0.1"\nport = 9\n\n'
    path.write_text(path.read_text().replace("[[kiosks]]", table + "[[kiosks]]"))
    done = istiqbal("doctor", folder)
    assert done.returncode == 1
    assert "SNOWMAN" in done.stdout
    assert "“autres” has no text in Amazigh" in done.stdout
    assert "“residence, fees” has no text in French" in done.stdout
    assert "FAULT    Printer hall-1 is not reachable." in done.stdout


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help_and_stands_in_the_readme(name: str) -> None:
    done = istiqbal(name, "--help")
    assert done.returncode == 0
    assert f"istiqbal {name}" in Path("docs/commands.md").read_text(encoding="utf-8")


def test_bad_use_is_exit_code_two() -> None:
    refused(istiqbal("serve"), 2, "DIR")
    refused(istiqbal("dance"), 2, "dance")
