"""Both mail planes behind one face: every test that takes `plane` or `smtp` runs on each."""

import smtplib
from contextlib import contextmanager
from email import message_from_bytes

import pytest
from django.test import override_settings
from django.utils import timezone

from mail_server.models import Delivery, LogPosition, MessageEvent
from mail_server.services.delivery import drain
from mail_server.services.mail_log import read_on
from mail_server.services.scan_events import join_verdicts
from mail_server.stores import mail_store
from tests.factories.accounts import PASSWORD
from tests.mail_plane.letters import encrypt
from tests.mail_plane.names import Zone, serving
from tests.mail_plane.servers import RealServers, what_is_missing
from tests.mail_server.conftest import inbox
from tests.mail_server.sink import Sink, listening
from tests.processes import wait_until


class EmbeddedPlane:
    def __init__(self, server):
        self.ports = server.ports

    def settle(self):
        """Come back when everything accepted has been tried once."""
        drain()

    def try_again(self):
        """Come back when everything put off has been tried once more."""
        Delivery.objects.update(next_attempt_at=timezone.now())
        drain()

    @contextmanager
    def settings(self, **changed):
        with override_settings(**changed):
            yield


class RealPlane:
    def __init__(self, servers):
        self.ports = servers.ports
        self.servers = servers

    def settle(self):
        wait_until(self.servers.queue_is_empty, seconds=20)

    def try_again(self):
        self.servers.flush()
        wait_until(lambda: not self.servers.deferred())
        self.settle()

    @contextmanager
    def settings(self, **changed):
        """The servers with other settings than usual."""
        self.servers.configure(**changed)
        self.servers.reload_postfix()
        try:
            yield
        finally:
            self.servers.configure()
            self.servers.reload_postfix()


@pytest.fixture(scope="session")
def sink():
    """Where both planes hand mail for the outside to."""
    sink = Sink()
    with listening(sink) as sink.address:
        yield sink


@pytest.fixture(scope="session")
def nameserver():
    """The zone of the nameserver that the real servers ask."""
    zone = Zone()
    with serving(zone) as zone.address:
        yield zone


@pytest.fixture
def zone(nameserver):
    yield nameserver
    nameserver.clear()


@pytest.fixture(scope="session")
def real_servers(django_db_setup, django_db_blocker, sink, nameserver):
    if reason := what_is_missing():
        pytest.skip(reason)
    with django_db_blocker.unblock():
        servers = RealServers(smart_host=sink.address, nameserver=nameserver.address)
        servers.start()
        yield servers
        servers.stop()


@pytest.fixture
def mail_in_dovecot(real_servers, settings):
    """The console reads and writes mail by way of the real servers."""
    settings.MAIL_STORE, settings.MAIL_PLANE_PORTS = "dovecot", real_servers.ports
    mail_store.cache_clear()
    yield
    mail_store.cache_clear()


@pytest.fixture(params=["embedded", "real"])
def plane(request):
    if request.param == "embedded":
        yield EmbeddedPlane(request.getfixturevalue("running_server"))
        return
    servers = request.getfixturevalue("real_servers")
    request.getfixturevalue("mail_in_dovecot")
    known = set(servers.log.splitlines())
    yield RealPlane(servers)
    # Shown by pytest where the test fails.
    print(*(line for line in servers.log.splitlines() if line not in known), sep="\n")


@pytest.fixture
def smtp(plane, transactional_db):
    """Opens sessions: smtp() from the outside, smtp(account) signed in for submission."""
    sessions = []

    def connect(account=None, password=PASSWORD):
        port = plane.ports["submission" if account else "smtp"]
        session = smtplib.SMTP("127.0.0.1", port, local_hostname="client.example", timeout=60)
        sessions.append(session)
        encrypt(session)
        if account:
            session.login(account.address, password)
        return session

    yield connect
    for session in sessions:
        session.close()
    plane.settle()


@pytest.fixture
def outside(plane, sink, settings):
    """The recipients of each message that has left the house, once all mail has arrived."""
    settings.SMART_HOST = sink.address
    sink.received.clear()

    def settled():
        plane.settle()
        return [recipients for _sender, recipients, _content in sink.received]

    return settled


@pytest.fixture
def subjects(plane):
    """The subjects in an account's inbox, once all mail has arrived."""

    def settled(account):
        plane.settle()
        return [envelope.subject for envelope in inbox(account)]

    return settled


@pytest.fixture
def stored_all(plane):
    """The messages of an account, wherever they lie, once all mail has arrived."""

    def settled(account):
        plane.settle()
        path = account.mailbox.store_path
        return [
            message_from_bytes(mail_store().read(path, folder.name, envelope.key))
            for folder in mail_store().folders(path)
            for envelope in mail_store().listing(path, folder.name)
        ]

    return settled


@pytest.fixture
def stored(stored_all):
    """The one message of an account."""

    def only(account):
        (message,) = stored_all(account)
        return message

    return only


@pytest.fixture
def read_log(plane, transactional_db, settings):
    """Reads what the servers have said since the test began."""
    if not hasattr(plane, "servers"):
        return lambda: None
    log = plane.servers.home / "state/log/mail.log"
    position = {"inode": log.stat().st_ino, "offset": log.stat().st_size}
    LogPosition.objects.create(host=settings.MAIL_HOST_NAME, path=log, **position)

    def read():
        while read_on(log):
            pass
        join_verdicts()

    return read


@pytest.fixture
def happened(plane, read_log):
    """All that was written down, as (kind, recipient), once this is among it."""

    def settled(*expected):
        plane.settle()

        def is_there():
            read_log()
            return set(expected) <= set(written_down())

        wait_until(is_there, seconds=30)
        return written_down()

    return settled


def written_down():
    found = MessageEvent.objects.exclude(kind="filtered").order_by("at", "id")
    return [(event.kind, event.recipient) for event in found]
