"""python -m admin_platform.embedded [stop]"""

import errno
import sys

from django.core.exceptions import ImproperlyConfigured

from admin_platform.embedded.announcement import last_announcement
from admin_platform.embedded.config import RunConfig
from admin_platform.embedded.state import AlreadyRunning, stop_running
from admin_platform.embedded.supervisor import CannotRun, Supervisor, say

UNWRITABLE = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EACCES,
    errno.EROFS,
    errno.ENOTDIR,
    errno.EEXIST,
}


def run(config: RunConfig) -> int:
    try:
        Supervisor(config).run()
    except AlreadyRunning:
        say("Already running here.")
        print(last_announcement(config), flush=True)
    except CannotRun as reason:
        say(str(reason))
        return 1
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        say(f"State cannot be written below {config.var}: {error.strerror}.")
        return 1
    return 0


def main() -> int:
    try:
        config = RunConfig()
    except ImproperlyConfigured as problem:
        say(str(problem))
        return 1
    if sys.argv[1:] == ["stop"]:
        stop_running(config.var)
        return 0
    return run(config)


if __name__ == "__main__":
    sys.exit(main())
