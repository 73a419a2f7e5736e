"""Start a program so that it ends with its parent and, for PostgreSQL, not as root.

Run as a file in an isolated interpreter: it is there in a fiftieth of a second, without
the platform, and then becomes the program.

PostgreSQL will not start as uid 0. In a user namespace that maps one ordinary uid to ours
it sees an ordinary user, while its files stay ours: nothing changes its owner. Where
namespaces are forbidden (most containers) it runs as `nobody`, to whom its directory is
made over first. A directory that is somebody's already is served by its owner.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAP_DAC_OVERRIDE = 1 << 1
CAP_SETPCAP = 1 << 8
LINUX_CAPABILITY_VERSION_3 = 0x20080522
CLONE_NEWUSER = 0x10000000
INSIDE_ID = 1000

HERE = "-"


def launched(
    command: Sequence[str], *, ended_by: signal.Signals, database: Path | None = None
) -> list[str]:
    """The command line that starts `command` through this file.

    ended_by: sent to the program when this process dies, however it dies (Linux; elsewhere
    the next start clears up). database: the directory of a program that refuses root.
    """
    start = [sys.executable, "-I", __file__, str(int(ended_by)), str(os.getpid())]
    return [*start, str(database or HERE), *command]


def end_with_parent(number: int, parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


def leave_root(directory: Path, program: Path) -> None:
    if directory.stat().st_uid == 0 and user_namespaces_work():
        enter_user_namespace()
        return
    if directory.stat().st_uid == 0:
        give_to_nobody(directory)
    become_owner(directory, program)


def become_owner(directory: Path, program: Path) -> None:
    owner = directory.stat()
    ctypes.CDLL(None).prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)
    if not may_use(directory, program):
        keep_access()
    if not may_use(directory, program):
        sys.exit(
            f"PostgreSQL refuses root, and uid {owner.st_uid}, as whom it runs instead, cannot "
            f"use {directory} and {program}. Run as an ordinary user, or keep the project and "
            "VAR_DIR where everybody may enter."
        )


def give_to_nobody(directory: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    for path in (directory, *directory.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)


def user_namespaces_work() -> bool:
    """Tried in a child: a half-entered namespace cannot be left."""
    if (child := os.fork()) == 0:
        with suppress(OSError):
            enter_user_namespace()
            os._exit(0)
        os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def enter_user_namespace() -> None:
    """Raises OSError where the kernel forbids it."""
    uid, gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    # user_namespaces(7): setgroups must be denied before an unprivileged gid mapping.
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{INSIDE_ID} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{INSIDE_ID} {gid} 1")


def may_use(directory: Path, program: Path) -> bool:
    return os.access(directory, os.W_OK | os.X_OK, effective_ids=True) and os.access(
        program, os.X_OK, effective_ids=True
    )


def keep_access() -> None:
    """Keep root's way into directories that are closed to others, such as /root.

    The database loses every other right of root; in a user namespace it would have this
    one too. Does nothing where root itself lacks it.
    """
    libc = ctypes.CDLL(None)
    set_capabilities(held=CAP_DAC_OVERRIDE | CAP_SETPCAP, inherited=CAP_DAC_OVERRIDE)
    # capabilities(7): otherwise access(2) asks as if an ordinary user had no capability.
    libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    set_capabilities(held=CAP_DAC_OVERRIDE, inherited=CAP_DAC_OVERRIDE)
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE.bit_length() - 1, 0, 0)


def set_capabilities(*, held: int, inherited: int) -> None:
    header = (ctypes.c_uint32 * 2)(LINUX_CAPABILITY_VERSION_3, 0)
    # Effective, permitted and inheritable, for capabilities 0 to 31 and again from 32 on.
    sets = (ctypes.c_uint32 * 6)(held, held, inherited, 0, 0, 0)
    ctypes.CDLL(None).capset(header, sets)


def main() -> None:
    number, parent, directory, *command = sys.argv[1:]
    if directory != HERE and os.geteuid() == 0:
        leave_root(Path(directory), Path(command[0]))
    # After any change of identity, which would forget it.
    end_with_parent(int(number), int(parent))
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
