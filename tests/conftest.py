"""The database of a test run: migrated once into a template, cloned for each worker."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from psycopg2 import sql

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def superuser() -> Iterator["psycopg2.extensions.cursor"]:
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as session:
        session.autocommit = True
        with session.cursor() as cursor:
            yield cursor


def migrations_digest() -> str:
    """Of all that a migrated database is made from; preset roles are brought in with it."""
    digest = hashlib.sha256()
    sources = ("*/migrations/*.py", "*/functions.py", "accounts/presets.py")
    for path in sorted(path for source in sources for path in ROOT.glob(source)):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def use_database(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def make_template(cursor: "psycopg2.extensions.cursor", name: str) -> None:
    """Migrate into a database under another name first: a broken run leaves no template."""
    cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template_%\\_m'")
    for (old,) in cursor.fetchall():
        cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
    cursor.execute("DROP DATABASE IF EXISTS template_making WITH (FORCE)")
    cursor.execute("CREATE DATABASE template_making")
    use_database("template_making")
    call_command("migrate", verbosity=0)
    connection.close()
    cursor.execute(
        sql.SQL("ALTER DATABASE template_making RENAME TO {}").format(sql.Identifier(name))
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    template, name = f"template_{migrations_digest()}_m", f"test_{worker}"
    lock_path = ROOT / "var" / "test-template.lock"
    lock_path.parent.mkdir(exist_ok=True)
    with django_db_blocker.unblock(), superuser() as cursor:  # type: ignore[attr-defined]
        with lock_path.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
            if cursor.fetchone() is None:
                make_template(cursor, template)
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            cursor.execute(drop.format(sql.Identifier(name)))
            clone = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            cursor.execute(clone.format(sql.Identifier(name), sql.Identifier(template)))
        use_database(name)
        yield
        connection.close()


def flush_past_triggers(self: DatabaseOperations, sql_list: list[str]) -> None:
    """The audit log refuses TRUNCATE, and Django cleans up by TRUNCATE after a test.

    Triggers do not fire for a replica; only the superuser of the tests may pose as one.
    """
    with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in sql_list:
            cursor.execute(statement)


DatabaseOperations.execute_sql_flush = flush_past_triggers  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def running_server(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[object]:
    """The embedded mail server, one for all tests of a worker."""
    from mail_server.threads import THREADS
    from tests.mail_server.embedded import RunningServer

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        server = RunningServer()
        yield server
        server.stop()
        THREADS.shutdown()
