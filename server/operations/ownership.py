"""Whose a unit is: what a command does as root leaves nothing of root's in a folder that another account's server works in."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from server.errors import UnitError

ROOT = 0


def owner_of(path: Path) -> os.stat_result:
    """The status of `path`, or of the nearest folder above it that is there."""
    absolute = path.absolute()
    return next(one for one in (absolute, *absolute.parents) if one.exists()).stat()


def become_owner(folder: Path) -> None:
    """If this is root and `folder` (or where it will lie) is another account's, go on as that account, for good.

    So nothing that is made is root's, and nothing that the account may have put into its folder is followed with root's rights.
    Raises UnitError where this process may not change its account.
    """
    owner = owner_of(folder)
    if os.geteuid() != ROOT or owner.st_uid == ROOT:
        return
    try:
        account = pwd.getpwuid(owner.st_uid)
    except KeyError:  # a number without a name
        name, group = None, owner.st_gid
    else:
        name, group = account.pw_name, account.pw_gid
        os.environ["HOME"] = account.pw_dir
    try:
        if name is None:
            os.setgroups([])
        else:
            os.initgroups(name, group)
        os.setgid(group)
        os.setuid(owner.st_uid)
    except OSError as error:
        raise UnitError(f"{folder} belongs to {name or owner.st_uid}: run the command as that account.") from error


def hand_over(tree: Path, owner: os.stat_result) -> None:
    """Give a folder and all that is in it to an account; nothing where this is not root. No link is followed."""
    if os.geteuid() != ROOT:
        return
    for path in (tree, *tree.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
