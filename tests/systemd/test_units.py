"""The units that run it all on a real machine, judged by systemd's own instruments."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).resolve().parents[2] / "systemd"
SERVER_UNITS = (
    "istiqbal.service", "istiqbal-backup.service", "istiqbal-replicate.service",
    "istiqbal-portal.service", "istiqbal-portal-maintain.service",
)  # fmt: skip
MOST_EXPOSED = 2.0


def files() -> list[Path]:
    return sorted(path for path in UNITS.iterdir() if path.suffix in (".service", ".socket", ".timer", ".target"))


def test_systemd_finds_no_fault_in_any_unit(tmp_path: Path) -> None:
    """The commands need not be installed here, so that each one's program is replaced by one that is."""
    copies = []
    for path in files():
        copy = tmp_path / path.name.replace("@.", "@one.")
        copy.write_text(re.sub(r"^(Exec\w+=[-+!:]*)\S+", r"\1/bin/true", path.read_text(), flags=re.M))
        (tmp_path / path.name).write_text(copy.read_text())
        copies.append(str(copy))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *copies],
        capture_output=True,
        text=True,
        check=False,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
    )
    ours = [line for line in done.stderr.splitlines() if "istiqbal" in line]
    assert not ours, "\n".join(ours)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", SERVER_UNITS)
def test_each_server_unit_is_hardened(name: str) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(UNITS / name)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert level, said
    assert float(level[1]) <= MOST_EXPOSED


def test_every_unit_says_what_it_is_for() -> None:
    for path in files():
        assert path.read_text().startswith("# "), path.name


def test_the_server_may_make_its_own_helpers_stand_back() -> None:
    """Reports run at a lower priority and recordings within limits: a filter without @resources made every report fail."""
    text = (UNITS / "istiqbal.service").read_text()
    assert "SystemCallFilter=@system-service" in text
    assert not re.search(r"^SystemCallFilter=~.*@resources", text, flags=re.M)


def test_the_server_goes_on_when_one_of_its_helpers_ran_out_of_memory() -> None:
    """systemd's own rule (OOMPolicy=stop) ends the whole service with it."""
    assert "OOMPolicy=continue\n" in (UNITS / "istiqbal.service").read_text()


def test_a_large_database_may_be_read_whole_before_the_server_is_ready() -> None:
    """systemd's own limit is 90 seconds; then it would begin anew for ever."""
    told = re.search(r"^TimeoutStartSec=(\S+)$", (UNITS / "istiqbal.service").read_text(), flags=re.M)
    assert told is not None
    assert told[1] == "infinity" or (told[1].endswith("h") and int(told[1][:-1]) >= 1)


def test_the_documented_drop_in_moves_the_server_to_where_the_documented_proxies_look_for_it() -> None:
    """Without its empty line systemd would listen on both."""
    page = (UNITS.parent / "docs" / "reverse-proxy.md").read_text(encoding="utf-8")
    (drop_in,) = re.findall(r"```ini\n(.*?)```", page, flags=re.S)
    assert re.findall(r"^ListenStream=(.*)$", drop_in, flags=re.M) == ["", "127.0.0.1:8080"]
    assert set(re.findall(r"(?:reverse_proxy |proxy_pass http://)([\d.:]+)", page)) == {"127.0.0.1:8080"}


def test_the_installer_knows_its_words(tmp_path: Path) -> None:
    """`sh -n` reads it whole; a word that it does not know ends it at once (and there is no apt-get that it could call)."""
    assert subprocess.run(["sh", "-n", UNITS / "install.sh"], check=False).returncode == 0
    for name in ("dirname", "id"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")
    command = [shutil.which("sh") or "sh", UNITS / "install.sh", "--no-such"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": str(tmp_path)})
    assert done.returncode == 1
    assert "--no-unit" in done.stderr


def test_where_the_server_listens_is_said_once() -> None:
    """Whoever edits the socket would else have to edit the service too."""
    assert "--port" not in (UNITS / "istiqbal.service").read_text()
    assert "ListenStream=" in (UNITS / "istiqbal.socket").read_text()


@pytest.mark.parametrize("name", ["istiqbal.service", "istiqbal-portal.service"])
def test_what_is_in_plain_in_memory_gets_into_no_core_file_and_no_swap(name: str) -> None:
    text = (UNITS / name).read_text()
    assert "LimitCORE=0\n" in text
    assert "MemorySwapMax=0\n" in text


def test_the_server_may_write_to_the_stick_of_the_documentation() -> None:
    """A stick that is mounted when the server starts is read-only to it unless a line says otherwise."""
    named = re.findall(r'^path = "(/[^"]+)"', (UNITS.parent / "docs" / "sync.md").read_text(encoding="utf-8"), flags=re.M)
    text = (UNITS / "istiqbal.service").read_text()
    may = [Path(word.lstrip("-+")) for line in re.findall(r"^ReadWritePaths=(.*)$", text, flags=re.M) for word in line.split()]
    assert named
    for path in named:
        assert any(Path(path).is_relative_to(one) for one in may), path
