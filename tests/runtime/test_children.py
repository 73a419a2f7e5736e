import sys

import psutil
import pytest

from admin_platform.embedded.children import Child
from admin_platform.embedded.logs import LogFile, keep_output
from admin_platform.embedded.restarts import DEATHS_ALLOWED, GivenUp, Restarts
from tests.runtime.platforms import ended, until


@pytest.fixture
def said():
    return []


@pytest.fixture
def child(tmp_path, said):
    made = Child("helper", [sys.executable, "-c", ""], "ready", tmp_path / "log", said.append)
    yield made
    made.reap(0)


def test_a_child_that_fails_is_told_with_its_last_words_and_started_again(child, said):
    child.command = [sys.executable, "-c", "print('ready'); raise SystemExit('no such table')"]
    child.start()
    first = child.process.pid
    until(child.ready.is_set, 10)

    until(lambda: child.watch() or child.process.pid != first, 10)

    assert said[0] == "helper ended (code 1) and is started again."
    assert "no such table" in said[1]
    assert "no such table" in child.log.read_text()


def test_the_children_of_a_killed_child_end_with_it(child):
    spawn = "import subprocess as s; c = s.Popen(['/bin/sleep', '300']); print('ready'); c.wait()"
    child.command = [sys.executable, "-c", spawn]
    child.start()
    until(child.ready.is_set, 10)
    grandchildren = psutil.Process(child.process.pid).children()

    child.process.kill()
    child.process.wait()
    child.watch()

    assert len(grandchildren) == 1
    until(lambda: ended(grandchildren), 10)


def test_a_child_that_does_not_end_in_time_is_killed(child, said):
    stubborn = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print('ready'); time.sleep(300)"
    )
    child.command = [sys.executable, "-c", stubborn]
    child.start()
    until(child.ready.is_set, 10)
    process = psutil.Process(child.process.pid)

    child.terminate()
    child.reap(0)

    assert ended([process])
    assert said == ["helper did not end in time and is killed."]


def test_pauses_grow_and_in_the_end_a_program_is_given_up(tmp_path):
    restarts = Restarts("mail", tmp_path / "mail.log")

    pauses = [restarts.pause_after_death() for _ in range(DEATHS_ALLOWED - 1)]

    assert pauses == [0, 1, 3, 7]
    with pytest.raises(GivenUp, match=r"mail has ended 5 times .*mail\.log"):
        restarts.pause_after_death()


def test_a_full_disk_is_told_once_and_output_is_still_read(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(LogFile, "told", False)
    log = tmp_path / "web.log"
    log.symlink_to("/dev/full")
    heard = []
    source = tmp_path / "source"
    source.write_bytes(b"one\ntwo\n")

    keep_output(source.open("rb"), log, heard.append).join()

    assert heard == ["one", "two"]
    assert capsys.readouterr().out.count("No space left on device") == 1


def test_a_log_stays_small(tmp_path, monkeypatch):
    monkeypatch.setattr("admin_platform.embedded.logs.LOG_BYTES", 1000)
    source = tmp_path / "source"
    source.write_bytes(b"a line of twenty byt\n" * 1000)

    keep_output(source.open("rb"), tmp_path / "web.log").join()

    kept = sorted(tmp_path.glob("web.log*"))
    assert [path.name for path in kept] == ["web.log", "web.log.1", "web.log.2", "web.log.3"]
    assert max(path.stat().st_size for path in kept) <= 1000
