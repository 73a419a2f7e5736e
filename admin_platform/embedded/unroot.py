"""Becoming an ordinary user for a program that refuses root.

PostgreSQL will not start as uid 0. In a user namespace that maps one ordinary uid to
ours it sees an ordinary user, while its files stay ours: nothing changes its owner, and
a project below /root works too. Where namespaces are forbidden (some containers), the
program runs as `nobody` instead, to whom its data directory is made over first.
"""

import ctypes
import os
import pwd
from pathlib import Path

CLONE_NEWUSER = 0x10000000
INSIDE_ID = 1000


def leave_root(directory: Path) -> None:
    """Become an ordinary user who owns the directory."""
    try:
        entered = enter_user_namespace()
    except OSError:
        entered = False
    if not entered:
        become_nobody(directory)


def enter_user_namespace() -> bool:
    """False where the kernel forbids it."""
    uid, gid = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        return False
    # user_namespaces(7): setgroups must be denied before an unprivileged gid mapping.
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{INSIDE_ID} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{INSIDE_ID} {gid} 1")
    return True


def become_nobody(directory: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    for path in (directory, *directory.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
