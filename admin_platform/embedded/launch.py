"""Start a program so that it ends with its parent, and, for PostgreSQL, not as root.

    python -m admin_platform.embedded.launch SIGNAL DIRECTORY CMD …

SIGNAL is sent to the program when its parent dies, however it dies (Linux; elsewhere the
next start clears up). DIRECTORY: "-" to run as who we are; else the data directory of a
program that refuses root, see unroot.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

from admin_platform.embedded.unroot import leave_root

PR_SET_PDEATHSIG = 1


def end_with_parent(number: int) -> None:
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() == 1:  # the parent died before we asked
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    number, directory, *command = sys.argv[1:]
    if directory != "-" and os.geteuid() == 0:
        leave_root(Path(directory))
    # After any change of identity, which would forget it.
    end_with_parent(int(number))
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
