import os
import socket

import psutil
import psycopg2
import pytest

from admin_platform.embedded.postgres import DatabaseStartFailed, EmbeddedPostgres


@pytest.fixture
def database(tmp_path):
    made = EmbeddedPostgres(tmp_path / "postgres", settings={"fsync": "off"})
    yield made
    made.stop()


def test_its_secrets_are_for_its_owner_and_it_listens_on_the_loopback_only(database):
    database.start()

    listening = psutil.Process(database.process.pid).net_connections()

    assert (database.directory / "password").stat().st_mode & 0o077 == 0
    assert {connection.laddr.ip for connection in listening} == {"127.0.0.1"}
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(database.url("postgres", password="wrong"))


def test_the_role_of_the_application_is_an_ordinary_owner(database):
    database.start()

    for _twice in range(2):
        database.make_role_and_database("platform", "secret")

    url = database.url("platform", user="platform", password="secret")
    with psycopg2.connect(url) as session, session.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
        cursor.execute("CREATE TABLE ours (name text)")
        cursor.execute("SELECT similarity('abc', 'abc')")
        assert cursor.fetchone() == (1.0,)
    session.close()


def test_a_killed_server_starts_again_at_its_address_with_what_was_committed(database):
    database.start()
    database.execute("CREATE TABLE kept (n int)")
    address = database.url("postgres")
    session = psycopg2.connect(address)

    database.process.kill()
    database.process.wait()
    database.start()

    assert database.url("postgres") == address
    database.execute("INSERT INTO kept VALUES (1)")
    session.close()


def test_a_pid_file_whose_number_is_another_program_now_does_not_stand_in_the_way(database):
    database.start()
    pid_file = database.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    database.process.kill()
    database.process.wait()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    database.start()

    database.execute("SELECT 1")


def test_a_server_that_lost_its_owner_is_ended_first(database):
    database.start()
    orphan = psutil.Process(database.process.pid)
    heir = EmbeddedPostgres(database.directory)

    heir.start()

    try:
        assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE
        heir.execute("SELECT 1")
    finally:
        heir.stop()


def test_what_a_killed_initdb_left_is_made_anew(database):
    half = database.directory / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    database.start()

    database.execute("SELECT 1")
    assert not half.exists()


def test_another_port_is_chosen_where_the_last_one_is_taken(database):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        database.directory.mkdir()
        (database.directory / "port").write_text(str(taken.getsockname()[1]))

        database.start()

        assert database.port != taken.getsockname()[1]
        assert (database.directory / "port").read_text() == str(database.port)


def test_a_start_that_fails_shows_the_end_of_the_log(database):
    database.settings = {"shared_buffers": "much"}

    with pytest.raises(DatabaseStartFailed, match='invalid value for parameter "shared_buffers"'):
        database.start()
