"""The supervisor for real: started, hurt, and stopped."""

import signal
import socket

import pytest

from admin_platform.embedded.ports import Port, smtp_greets
from admin_platform.embedded.state import STOP_SECONDS
from tests.runtime.platforms import Platform, ended, until

CHILDREN = {
    "web": "gunicorn",
    "worker": "celery -A admin_platform worker",
    "schedule": "celery -A admin_platform beat",
    "mail": "run_mail_server",
    "The database": "bin/postgres",
}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_everything_answers_and_stops_without_leaving_a_process(platform, number):
    platform.start()
    family = platform.family()
    answers = [platform.answers()] + [
        smtp_greets(Port("", *platform.description[name])) for name in ("smtp", "submission")
    ]

    code = platform.stop(number)

    assert answers == [True, True, True]
    assert len(family) > len(CHILDREN)
    assert code == 0
    assert ended(family)
    assert not platform.var.joinpath("demo.json").exists()


def test_a_second_start_says_that_it_runs_and_where(platform):
    platform.start()

    again = platform.run()

    assert again.returncode == 0
    assert "Already running" in again.stdout
    assert platform.description["base_url"] in again.stdout


def test_a_second_start_during_the_first_says_so(platform):
    platform.begin()
    until(lambda: "Starting" in platform.printed)

    again = platform.run()

    assert again.returncode == 0
    assert "still starting" in again.stdout


def test_every_killed_child_comes_back_and_nothing_is_left_of_the_old_one(platform):
    platform.start()
    before = {name: platform.find(words) for name, words in CHILDREN.items()}
    families = [
        p for name in ("web", "worker", "mail") for p in before[name].children(recursive=True)
    ]

    for child in before.values():
        child.kill()
    until(lambda: all(platform.printed.count(f"{name} ended") == 1 for name in CHILDREN))

    until(
        lambda: all(platform.find(words) not in {None, before[n]} for n, words in CHILDREN.items())
    )
    assert until(platform.answers)
    assert until(lambda: smtp_greets(Port("", *platform.description["smtp"])))
    until(lambda: ended(families), 10)


def test_after_the_supervisor_is_killed_nothing_is_left_and_it_starts_again(platform):
    platform.start()
    family = platform.family()

    platform.process.kill()
    platform.process.wait()

    until(lambda: ended(family), 40)
    platform.start()
    assert platform.answers()


def test_a_start_right_after_the_supervisor_was_killed_waits_for_what_is_left(platform):
    platform.start()
    platform.process.kill()
    platform.process.wait()

    platform.start()

    assert platform.answers()


def test_an_announcement_of_a_killed_platform_is_taken_back_at_once(platform):
    platform.var.mkdir()
    platform.var.joinpath("demo.json").write_text("{}")

    platform.begin()
    until(lambda: "Starting the database" in platform.printed)

    assert not platform.var.joinpath("demo.json").exists()


def test_it_can_be_stopped_while_it_is_still_preparing(platform):
    platform.begin()
    preparing = until(lambda: platform.find("manage.py prepare"))

    code = platform.stop()

    assert code == 0
    assert ended([preparing])
    assert "Starting web" not in platform.printed


def test_stop_ends_a_running_platform(platform):
    platform.start()
    family = platform.family()

    stopped = platform.run("stop", timeout=STOP_SECONDS)

    assert (stopped.returncode, stopped.stdout, stopped.stderr) == (0, "", "")
    assert platform.process.wait(10) == 0
    assert ended(family)


def test_stop_without_a_platform_does_nothing(platform):
    stopped = platform.run("stop")

    assert (stopped.returncode, stopped.stdout, stopped.stderr) == (0, "", "")


def test_an_installation_that_listens_everywhere_under_its_own_name_becomes_ready(tmp_path):
    platform = Platform(
        tmp_path,
        HTTP_HOST="0.0.0.0",
        SMTP_HOST="0.0.0.0",
        ALLOWED_HOSTS="mail.company.example",
        HTTPS_ONLY="yes",
        http_proxy="http://127.0.0.1:9",
    )

    platform.start()

    try:
        assert platform.description["smtp"][0] == "127.0.0.1"
    finally:
        platform.stop()


def test_a_taken_port_is_named_with_the_setting_that_changes_it(platform):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        platform.environment["SMTP_PORT"] = str(number)

        result = platform.run()

    assert result.returncode == 1
    assert f"Port {number} on 127.0.0.1 is taken." in result.stdout
    assert "make run SMTP_PORT=" in result.stdout


@pytest.mark.parametrize("value", ["web", "0", "65536"])
def test_a_port_that_is_none_is_named(platform, value):
    platform.environment["HTTP_PORT"] = value

    result = platform.run()

    assert (result.returncode, result.stderr) == (1, "")
    assert "HTTP_PORT" in result.stdout


def test_a_state_directory_that_cannot_be_written_is_named(platform):
    platform.var.write_text("a file, not a directory")

    result = platform.run()

    assert (result.returncode, result.stderr) == (1, "")
    assert str(platform.var) in result.stdout
