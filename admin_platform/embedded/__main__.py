"""python -m admin_platform.embedded [stop]"""

import errno
import json
import sys

from admin_platform.embedded.config import RunConfig
from admin_platform.embedded.supervisor import (
    AlreadyRunning,
    CannotRun,
    Supervisor,
    describe,
    say,
    stop_running,
)

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
        known = config.var / "demo.json"
        if known.exists():
            print(describe(json.loads(known.read_text())), flush=True)
    except CannotRun as reason:
        say(str(reason))
        return 1
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        say(f"State cannot be written below {config.var}: {error.strerror}.")
        return 1
    return 0


def main() -> None:
    config = RunConfig()
    if sys.argv[1:] == ["stop"]:
        stop_running(config.var)
        return
    sys.exit(run(config))


if __name__ == "__main__":
    main()
