"""The locked list of packages satisfies what setup.cfg asks for, with a hash for each."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parents[1]
EXTRAS = ("standby", "usb", "portal")


def wanted() -> list[Requirement]:
    config = configparser.ConfigParser()
    config.read(TOP / "setup.cfg", encoding="utf-8")
    texts = [config["options"]["install_requires"], *(config["options.extras_require"][name] for name in EXTRAS)]
    return [Requirement(line) for text in texts for line in text.splitlines() if line.strip()]


def locked() -> dict[str, str]:
    """Name → version, of every line of the lock that names a package."""
    text = (TOP / "requirements.lock").read_text(encoding="utf-8")
    return {canonicalize_name(name): version for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", text, re.M)}


def test_every_package_is_locked_at_a_version_that_fits() -> None:
    versions = locked()
    for one in wanted():
        assert canonicalize_name(one.name) in versions, f"{one.name} is not in requirements.lock: make lock"
        assert one.specifier.contains(versions[canonicalize_name(one.name)]), f"{one} is locked otherwise: make lock"


def test_a_unit_is_installed_from_the_lock_and_from_nothing_else() -> None:
    """Every pip of the installers takes packages by their hashes, or what was taken so before, or Istiqbal itself."""
    pip = re.compile(r"^\s*\$pip (?:.*)$", re.M)
    for name, count in (("install.sh", 4), ("bundle.sh", 3)):
        commands = pip.findall((TOP / "systemd" / name).read_text(encoding="utf-8"))
        assert len(commands) == count
        for command in commands:
            by_hash = "--require-hashes" in command and "--only-binary :all:" in command
            alone = "--no-deps" in command and ("--no-index" in command or "--no-build-isolation" in command)
            assert by_hash or alone, f"{name}: {command}"
    assert {"setuptools", "istiqbal"} - set(locked()) == {"istiqbal"}, "setuptools builds Istiqbal"


def test_every_locked_package_has_a_hash_and_comes_from_no_named_place() -> None:
    text = (TOP / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.M)[1:]
    assert len(blocks) >= len(locked())
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)
    assert "://" not in text
