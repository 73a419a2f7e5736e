import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.runtime.platforms import ended, until

NO_NAMESPACES = [sys.executable, str(Path(__file__).with_name("forbid_user_namespaces.py"))]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")


def run(directory, *before):
    """Run a program that writes into the directory and prints who it is."""
    arguments = [sys.executable, "-c", RUN, str(directory)]
    return subprocess.run([*before, *arguments], capture_output=True, text=True, check=False)


RUN = """
import signal, subprocess, sys
from pathlib import Path
from admin_platform.embedded.launch import launched
program = ["/bin/sh", "-c", "touch $0/made; id -u", sys.argv[1]]
command = launched(program, ended_by=signal.SIGINT, database=Path(sys.argv[1]))
sys.exit(subprocess.call(command))
"""


def test_a_program_ends_when_its_parent_is_killed():
    start = (
        "import signal, subprocess, time; from admin_platform.embedded.launch import launched;"
        "child = subprocess.Popen(launched(['/bin/sleep', '300'], ended_by=signal.SIGTERM));"
        "print(child.pid, flush=True); time.sleep(300)"
    )
    with subprocess.Popen([sys.executable, "-c", start], stdout=subprocess.PIPE) as parent:
        child = psutil.Process(int(parent.stdout.readline()))
        until(lambda: child.name() == "sleep", 10)

        parent.kill()

        until(lambda: ended([child]), 10)


@as_root
def test_for_root_a_database_runs_as_an_ordinary_user_whose_files_are_roots(tmp_path):
    result = run(tmp_path)

    assert result.stderr == ""
    assert result.stdout.strip() != "0"
    assert (tmp_path / "made").stat().st_uid == 0


@as_root
def test_the_directory_of_an_ordinary_user_is_served_by_that_user(tmp_path):
    os.chown(tmp_path, 12345, 12345)
    for parent in tmp_path.parents[:2]:
        parent.chmod(0o755)

    result = run(tmp_path)

    assert result.stdout.strip() == "12345"
    assert (tmp_path / "made").stat().st_uid == 12345


@as_root
def test_without_user_namespaces_it_is_nobody_even_in_a_directory_closed_to_others(tmp_path):
    tmp_path.parent.chmod(0o700)

    result = run(tmp_path, *NO_NAMESPACES)
    if result.returncode == 77:
        pytest.skip("no user namespaces at all on this machine")

    assert (result.stderr, result.stdout) == ("", "65534\n")
    assert (tmp_path / "made").stat().st_uid == 65534
