"""The second PC: backups over SSH, and the folder that follows the database."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path

import pytest

from server import journal, settings
from server.errors import UnitError
from server.operations.backup import standby
from server.operations.backup.archive import BackupFailed
from server.operations.backup.making import back_up
from server.operations.backup.restoring import restore
from server.store.database import connect
from server.unit import Unit
from server.visits import Order
from tests.conftest import KIOSK
from tests.running import Running, free_port

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def second_pc(folder: Path, tmp_path: Path) -> Iterator[str]:
    """A real sshd on loopback that takes the unit's key for sftp alone; yields `ssh://host:port`."""
    sshd = shutil.which("sshd") or "/usr/sbin/sshd"
    keys = tmp_path / "ssh"
    secrets = folder / "secrets"
    for path in (keys, secrets):
        path.mkdir(mode=0o700)
    for key in (keys / "host", secrets / "backup_key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    (keys / "authorized").write_text((secrets / "backup_key.pub").read_text())
    port = free_port()
    (secrets / "known_hosts").write_text(f"[127.0.0.1]:{port} {(keys / 'host.pub').read_text()}")
    config = f"""
        Port {port}
        ListenAddress 127.0.0.1
        HostKey {keys / "host"}
        AuthorizedKeysFile {keys / "authorized"}
        StrictModes no
        UsePAM no
        PidFile none
        ForceCommand internal-sftp
        Subsystem sftp internal-sftp
    """
    (keys / "config").write_text("\n".join(line.strip() for line in config.splitlines()))
    Path("/run/sshd").mkdir(exist_ok=True)
    process = subprocess.Popen([sshd, "-D", "-e", "-f", str(keys / "config")], stderr=subprocess.PIPE)
    assert process.stderr is not None
    while b"listening" not in process.stderr.readline():
        assert process.poll() is None, "sshd did not start"
    yield f"ssh://127.0.0.1:{port}"
    process.kill()
    process.wait()
    process.stderr.close()


def test_a_backup_goes_to_a_second_pc_and_comes_back_from_there(folder: Path, tmp_path: Path, second_pc: str) -> None:
    place = f"{second_pc}{tmp_path}/far%20away"
    for hour in (8, 9):
        back_up(folder, settings.load(folder), NOW.replace(hour=hour), lambda _: None, place)
    assert sorted(path.name for path in (tmp_path / "far away").iterdir()) == [
        "unit-20261123T080000Z.tar.gz",
        "unit-20261123T090000Z.tar.gz",
    ]
    shutil.copytree(folder / "secrets", tmp_path / "here" / "secrets")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path / "here")
        assert restore(place, tmp_path / "back", None)["made_at"].startswith("2026-11-23T09")


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small disk")
def test_a_second_pc_that_is_full_of_old_backups_takes_the_new_one(folder: Path, tmp_path: Path, second_pc: str) -> None:
    with (folder / "unit.toml").open("a") as file:
        file.write("\n[backup]\nkeep_days = 1\nkeep_months = 0\n")
    far = make_dir(tmp_path / "far")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", far], capture_output=True).returncode:
        pytest.skip("may not mount")
    try:
        (far / "unit-20240101T000000Z.tar.gz").write_bytes(bytes(1_000_000))
        (far / ".unit-20240102T000000Z.tar.gz.part").write_bytes(b"half")
        (folder / "media").mkdir()
        (folder / "media" / "noise.webp").write_bytes(os.urandom(300_000))
        back_up(folder, settings.load(folder), NOW, lambda _: None, f"{second_pc}{far}")
        assert [path.name for path in far.iterdir()] == ["unit-20261123T080000Z.tar.gz"]
    finally:
        subprocess.run(["umount", far], check=True)


def test_an_unknown_second_pc_is_never_trusted(folder: Path, tmp_path: Path, second_pc: str) -> None:
    (folder / "secrets" / "known_hosts").write_text("")
    with pytest.raises(BackupFailed, match="refused"):
        back_up(folder, settings.load(folder), NOW, lambda _: None, f"{second_pc}{tmp_path}/far")
    assert not (tmp_path / "far").exists()


def test_the_second_pc_takes_over_and_no_number_is_given_twice(running: Running, folder: Path, tmp_path: Path) -> None:
    """kill -9 of the server and of what follows it, under load; then the second PC goes on."""
    replica = tmp_path / "replica"
    with (folder / "unit.toml").open("a") as file:
        file.write(f'\n[standby]\nto = "{replica}"\n')
    running.unlimited()
    running.start()
    token = running.token("kiosk", "kiosk-1")
    following = subprocess.Popen([Path(sys.executable).with_name("istiqbal"), "replicate", folder])
    given = []
    end = time.monotonic() + 30
    while not list(replica.rglob("*.ltx")) or len(given) < 200:
        given.append(running.post(token, "/tickets", {"service": "etat-civil", "language": "ar"}).json()["ticket"])
        assert time.monotonic() < end, "the replica did not begin"
    following.send_signal(signal.SIGKILL)
    running.kill()
    following.wait()
    back_up(folder, settings.load(folder), NOW, lambda _: None, str(make_dir(tmp_path / "stick")))
    restore(str(tmp_path / "stick"), tmp_path / "second", None, replica=replica)
    second = Unit(tmp_path / "second", settings.load(tmp_path / "second"))
    with second.reading() as conn:
        there = [row[0] for row in conn.execute("SELECT ticket FROM visits ORDER BY number")]
        assert list(journal.read(conn))[-1].type == "restored"
    assert there == given[: len(there)], "what was followed is the beginning of what was given"
    assert there
    assert second.visits.issue(Order("etat-civil", "ar"), KIOSK)["ticket"] not in given
    second.close()


def make_dir(path: Path) -> Path:
    path.mkdir()
    return path


def test_a_place_over_sftp_names_host_key_and_account(folder: Path) -> None:
    (folder / "secrets").mkdir()
    (folder / "secrets" / "standby_host_key").write_text("ssh-ed25519 AAAA\n")
    made = standby.configuration(folder, "sftp://istiqbal@pc-2:2222/srv/istiqbal")
    replica = made["dbs"][0]["replica"]
    assert (replica["type"], replica["host"], replica["user"], replica["path"]) == (
        "sftp",
        "pc-2:2222",
        "istiqbal",
        "/srv/istiqbal",
    )
    assert replica["host-key"] == "ssh-ed25519 AAAA"


def test_without_the_second_pcs_host_key_nothing_is_sent_to_it(folder: Path) -> None:
    with (folder / "unit.toml").open("a") as file:
        file.write('\n[standby]\nto = "sftp://istiqbal@pc-2/srv/istiqbal"\n')
    (folder / "secrets").mkdir(mode=0o700)
    for written in (None, "\n"):
        if written is not None:
            (folder / "secrets" / "standby_host_key").write_text(written)
        with pytest.raises(UnitError, match=r"host key .* to .*standby_host_key: see docs/backup\.md"):
            standby.replicate(folder, settings.load(folder))


def following(folder: Path, second_pc: str, replica: Path, host_key: Path) -> subprocess.Popen[bytes]:
    """`istiqbal replicate` over sftp to a machine that is known by this key."""
    (folder / "secrets" / "standby_host_key").write_text(host_key.read_text())
    place = f"{second_pc.replace('ssh://', f'sftp://{getuser()}@')}{replica}"
    with (folder / "unit.toml").open("a") as file:
        file.write(f'\n[standby]\nto = "{place}"\n')
    command = [Path(sys.executable).with_name("istiqbal"), "replicate", folder]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_the_database_follows_to_a_second_pc_over_sftp(folder: Path, tmp_path: Path, second_pc: str) -> None:
    replica = make_dir(tmp_path / "replica")
    first = Unit(folder, settings.load(folder))
    process = following(folder, second_pc, replica, tmp_path / "ssh" / "host.pub")
    given = [first.visits.issue(Order("etat-civil", "ar"), KIOSK)["ticket"] for _ in range(5)]
    end = time.monotonic() + 30
    while not list(replica.rglob("*.ltx")):
        assert time.monotonic() < end, "the replica did not begin"
        time.sleep(0.05)
    process.terminate()  # it sends what is left
    process.communicate(timeout=30)
    first.close()
    standby.fetch_store(replica, tmp_path / "there.db")
    conn = connect(tmp_path / "there.db")
    assert [row[0] for row in conn.execute("SELECT ticket FROM visits ORDER BY number")] == given
    conn.close()


def test_the_database_does_not_follow_to_a_machine_that_shows_another_key(folder: Path, tmp_path: Path, second_pc: str) -> None:
    replica = make_dir(tmp_path / "replica")
    process = following(folder, second_pc, replica, folder / "secrets" / "backup_key.pub")
    assert process.stdout is not None
    assert any(b"host key mismatch" in line for line in process.stdout)
    process.kill()
    process.communicate(timeout=30)
    assert not list(replica.rglob("*"))


def test_what_is_no_replica_is_refused_in_words(folder: Path, tmp_path: Path) -> None:
    stick = make_dir(tmp_path / "stick")
    back_up(folder, settings.load(folder), NOW, lambda _: None, str(stick))
    with pytest.raises(BackupFailed, match="can't be taken over"):
        restore(str(stick), tmp_path / "second", None, replica=make_dir(tmp_path / "empty"))
    assert not (tmp_path / "second").exists()
