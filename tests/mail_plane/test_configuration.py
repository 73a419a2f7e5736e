"""What `manage.py mail_config` writes, and what the database lets the mail servers do."""

import subprocess
from contextlib import closing

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Mailbox
from mail_server.plane.config import plane_config
from tests.factories.accounts import AccountFactory
from tests.mail_plane.letters import OUTSIDER, real_only
from tests.mail_server.conftest import send

TABLES = ("accounts_account", "accounts_address", "accounts_mailbox", "security_signinrecord")


@pytest.fixture
def as_role(settings, worker_id, tmp_path, transactional_db):
    """Runs SQL with the role of a mail server."""
    settings.MAIL_PLANE_ROLE_PREFIX = f"mp_config_{worker_id}"
    settings.MAIL_PLANE_STATE_DIR = tmp_path / "state"
    call_command("mail_config", tmp_path / "config")
    known = connection.settings_dict

    def run(server, statement, *values):
        role = getattr(plane_config(tmp_path / "config"), server)
        with closing(
            psycopg2.connect(
                host=known["HOST"],
                port=known["PORT"],
                dbname=known["NAME"],
                user=role.role,
                password=role.password,
            )
        ) as session:
            session.autocommit = True
            with session.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall()

    return run


def test_the_servers_call_what_was_made_for_them(as_role):
    account = AccountFactory()

    assert as_role("postfix", "SELECT * FROM mp_postfix_recipients(%s)", account.address)
    assert as_role("dovecot", "SELECT * FROM mp_dovecot_sign_in(%s, 'imap', '')", account.address)


@pytest.mark.parametrize("server", ["postfix", "dovecot", "usage"])
@pytest.mark.parametrize("table", TABLES)
def test_the_servers_read_no_table(as_role, server, table):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_role(server, f"SELECT 1 FROM {table}")


@pytest.mark.parametrize(
    ("server", "call"),
    [
        ("postfix", "mp_dovecot_sign_in('a@b.example', 'imap', '')"),
        ("dovecot", "mp_postfix_recipients('a@b.example')"),
        ("postfix", "mp_sign_in('a@b.example', 'imap', NULL)"),
        ("dovecot", "mp_policy('{a}', '{a}', '{b@b.example}', '{a}')"),
        ("usage", "mp_dovecot_sign_in('a@b.example', 'imap', '')"),
        ("usage", "mp_dovecot_mailboxes()"),
    ],
)
def test_neither_server_calls_what_is_not_its_own(as_role, server, call):
    AccountFactory()

    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_role(server, f"SELECT * FROM {call}")


def test_what_is_told_of_the_usage_is_kept_with_the_mailbox_and_nowhere_else(as_role):
    account, other = AccountFactory(), AccountFactory(mailbox__usage_bytes=5)

    told = as_role(
        "usage",
        "INSERT INTO mp_dovecot_usage (address, bytes, messages) VALUES (%s, 70, 1)"
        " ON CONFLICT (address) DO UPDATE SET bytes = 70 RETURNING *",
        account.address,
    )

    assert told == as_role("usage", "SELECT * FROM mp_dovecot_usage") == []
    usages = {box.account_id: box.usage_bytes for box in Mailbox.objects.all()}
    assert usages == {account.pk: 70, other.pk: 5}


def test_files_with_passwords_are_not_for_everybody(as_role, tmp_path):
    config = plane_config(tmp_path / "config")
    secrets = [config.postfix.password, config.dovecot.password, config.usage.password]
    secrets += [config.master_digest, config.doveadm_key]

    told = [
        path
        for path in (tmp_path / "config").rglob("*")
        if path.is_file() and any(secret.encode() in path.read_bytes() for secret in secrets)
    ]

    assert len(told) == 10
    assert not [path for path in told if path.stat().st_mode & 0o007]


def test_a_second_run_changes_nothing(as_role, tmp_path):
    def contents():
        files = (tmp_path / "config").rglob("*")
        return {path: path.read_bytes() for path in files if path.is_file()}

    before = contents()
    call_command("mail_config", tmp_path / "config")

    assert contents() == before


def test_a_directory_that_cannot_be_written_is_named(settings, tmp_path):
    settings.MAIL_PLANE_STATE_DIR = tmp_path / "state"
    (tmp_path / "file").touch()

    with pytest.raises(CommandError, match="file"):
        call_command("mail_config", tmp_path / "file" / "config")


def test_postfix_has_nothing_against_its_configuration(real_servers):
    found = subprocess.run(
        ["/usr/sbin/postfix", "-c", real_servers.home / "config/postfix", "check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (found.returncode, found.stderr) == (0, "")


@real_only
def test_a_mail_that_was_taken_leaves_no_warning(real_servers, transactional_db, smtp):
    account = AccountFactory()
    before = real_servers.log.count("warning:")

    send(smtp(), OUTSIDER, account.address)

    assert real_servers.log.count("warning:") == before
