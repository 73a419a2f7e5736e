"""Configurations for one host and for several, as the servers themselves read them."""

import imaplib
import re
import smtplib
import subprocess

import pytest
from django.core.management import call_command

from tests.factories.accounts import PASSWORD, AccountFactory
from tests.mail_plane.letters import OUTSIDER, encrypt
from tests.mail_plane.servers import RealServers, what_is_missing
from tests.mail_server.conftest import send
from tests.processes import wait_until

pytestmark = [
    pytest.mark.skipif(bool(what_is_missing()), reason=what_is_missing()),
    pytest.mark.django_db(transaction=True),
]

ALONE = {}
MX = {
    "MAIL_PLANE_POLICY_HOST": "10.9.0.2",
    "MAIL_PLANE_DOVECOT_HOST": "10.9.0.5",
    "MAIL_PLANE_RSPAMD_HOST": "10.9.0.3",
    "MAIL_PLANE_INSIDE": "10.9.0.4",
    "MAIL_PLANE_CONSOLES": ["10.9.0.2", "10.9.0.6"],
}
# Of its own rules, whose lists of the outside are off.
RSPAMDS_OWN = r"(map has no urls .*\n|cannot find dependency on symbol FREEMAIL.*\n)*"
HOSTS = pytest.mark.parametrize("hosts", [ALONE, MX], ids=["one host", "several hosts"])


@pytest.fixture
def written(settings, hosts, tmp_path, worker_id):
    """The folder of the configurations of a host."""
    for name, value in hosts.items():
        setattr(settings, name, value)
    settings.MAIL_PLANE_ROLE_PREFIX = f"mp_hosts_{worker_id}"
    settings.MAIL_PLANE_STATE_DIR = tmp_path / "state"
    settings.MAIL_PLANE_LISTEN = "127.0.0.1"
    call_command("mail_config", tmp_path / "config")
    return tmp_path / "config"


def said(*command, complaints=""):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(complaints, done.stderr), done.stderr
    return done.stdout


def rspamadm(written, tmp_path, *command):
    names = {"LOCAL_CONFDIR": written / "rspamd"}
    names |= dict.fromkeys(("DBDIR", "RUNDIR", "LOGDIR"), tmp_path)
    variables = [f"--var={name}={path}" for name, path in names.items()]
    return said("rspamadm", *variables, *command, complaints=RSPAMDS_OWN)


@HOSTS
def test_postfix_takes_it(written, hosts):
    said("postfix", "-c", written / "postfix", "check")

    # Of parameters that it does not know, or that nothing uses, it warns.
    assert said("postconf", "-c", written / "postfix", "-n")
    values = said(
        "postconf", "-c", written / "postfix", "-xh",
        "smtpd_recipient_restrictions", "virtual_alias_maps", "smtpd_milters",
        "virtual_transport", "smtpd_sasl_path",
    )  # fmt: skip
    home = "127.0.0.1"
    assert f"check_policy_service {{ inet:{hosts.get('MAIL_PLANE_POLICY_HOST', home)}:" in values
    assert f"tcp:{hosts.get('MAIL_PLANE_POLICY_HOST', home)}:" in values
    assert f"inet:{hosts.get('MAIL_PLANE_RSPAMD_HOST', home)}:11332" in values
    assert f"lmtp:inet:{hosts.get('MAIL_PLANE_DOVECOT_HOST', home)}:20024" in values
    assert f"inet:{hosts.get('MAIL_PLANE_DOVECOT_HOST', home)}:20034" in values


@HOSTS
def test_dovecot_takes_it(written, hosts):
    listing = said("doveconf", "-n", "-c", written / "dovecot/dovecot.conf")

    assert f"http://{hosts.get('MAIL_PLANE_POLICY_HOST', '127.0.0.1')}:20025/" in listing
    assert listing.count(f"address = {hosts.get('MAIL_PLANE_INSIDE', '127.0.0.1')}\n") == 4
    assert ("login_trusted_networks = 10.9.0.2 10.9.0.6" in listing) == bool(hosts)
    console = (written / "dovecot/sql-console.conf.ext").read_text()
    assert f"'{','.join(hosts.get('MAIL_PLANE_CONSOLES', ['127.0.0.1']))}' AS allow_nets" in console


@HOSTS
def test_rspamd_takes_it(written, hosts, tmp_path):
    assert "syntax OK" in rspamadm(written, tmp_path, "configtest")

    dumped = rspamadm(written, tmp_path, "configdump", "dkim_signing", "worker", "settings")
    assert f"http://{hosts.get('MAIL_PLANE_POLICY_HOST', '127.0.0.1')}:20025/internal" in dumped
    assert f"{hosts.get('MAIL_PLANE_INSIDE', '127.0.0.1')}:11332" in dumped


@HOSTS
def test_what_is_asked_over_the_network_is_asked_of_the_others(written, hosts):
    elsewhere = set(MX["MAIL_PLANE_CONSOLES"]) | {v for v in MX.values() if isinstance(v, str)}
    named = {
        address
        for path in written.rglob("*")
        if path.is_file() and "tls" not in path.parts
        for address in elsewhere
        if address in path.read_text(errors="replace")
    }

    assert named == (elsewhere if hosts else set())


@pytest.fixture
def apart(sink, nameserver):
    """Servers that reach one another over another address than that of the clients."""
    servers = RealServers(sink.address, nameserver.address, inside="127.0.0.2")
    servers.start()
    yield servers
    servers.stop()


def test_mail_finds_its_way_between_hosts(apart):
    account = AccountFactory()
    incoming = smtplib.SMTP("127.0.0.1", apart.ports["smtp"], local_hostname="client.example")
    submission = smtplib.SMTP("127.0.0.1", apart.ports["submission"])
    with incoming, submission:
        encrypt(submission)
        submission.login(account.address, PASSWORD)
        incoming.ehlo()
        answers = [
            *send(submission, account.address, account.address),
            *send(incoming, OUTSIDER, account.address),
        ]
    wait_until(apart.queue_is_empty)

    assert [code for code, _ in answers] == [250, 250]
    with imaplib.IMAP4("127.0.0.1", apart.ports["imap"]) as reading:
        reading.login(account.address, PASSWORD)
        assert reading.select("INBOX") == ("OK", [b"2"])
