"""What the configurations of the mail servers are filled in with."""

from __future__ import annotations

import hashlib
import pwd
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from admin_platform.crypto import derived_secret

# For headers that are added on the way.
SCAN_MARGIN_BYTES = 1024 * 1024
# Who signs in to Dovecot as path@STORE_DOMAIN is the console (RFC 6761: nobody has this domain).
STORE_DOMAIN = "boxes.invalid"
LOOPBACK = "127.0.0.1"
_ROLE_PREFIX = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Role:
    """A database role of a mail server, and its password."""

    role: str
    password: str


@dataclass(frozen=True, slots=True)
class Database:
    """Where the servers reach the console's database; host may be a directory of sockets."""

    host: str
    port: str
    name: str


@dataclass(frozen=True, slots=True)
class SmartHost:
    """Who takes mail for the outside. address: as Postfix writes a host that is to be taken
    as it is, without its MX. Without a user nobody signs in there."""

    address: str
    user: str
    password: str
    is_encrypted: bool


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where the servers are, as seen from this host. inside: its own address among them.
    consoles: the addresses from which the console comes."""

    policy: str
    dovecot: str
    rspamd: str
    inside: str
    consoles: tuple[str, ...]

    @property
    def remote_consoles(self) -> list[str]:
        return [address for address in self.consoles if address != LOOPBACK]


@dataclass(frozen=True, slots=True)
class PlaneConfig:
    """One host, whichever of the servers run there.

    directory: where the configurations go. state: queue, sockets and logs. listen: the
    address for mail and its clients, empty for all. failure_delay: how long a refused
    sign-in waits for its answer.
    sign_in_nonce: salts the hashes of passwords that Dovecot tells our sign-in listener,
    which has no use for them. master_digest: of the password by which the console opens
    mailboxes; it is random, so nobody guesses it from that. nameservers: host:port, those
    that Rspamd asks; none for those of the system. public_suffixes: a file of them, empty
    for the list that Rspamd brings.
    virus_signatures: ClamAV's, kept up to date by freshclam.
    """

    directory: Path
    state: Path
    boxes: Path
    host_name: str
    listen: str
    ports: Mapping[str, int]
    hosts: Hosts
    database: Database
    postfix: Role
    dovecot: Role
    usage: Role
    mail_uid: int
    mail_gid: int
    message_max_bytes: int
    smart_host: SmartHost | None
    failure_delay: str
    sign_in_key: str
    sign_in_nonce: str
    doveadm_key: str
    master_digest: str
    store_domain: str
    rspamd_password: str
    rspamd_key: str
    rules_key: str
    rules_every: str
    srs_domain: str
    nameservers: tuple[str, ...]
    public_suffixes: str
    virus_signatures: str
    tls_certificate: Path
    tls_key: Path
    loopback: str = LOOPBACK

    @property
    def logs(self) -> Path:
        return self.state / "log"

    @property
    def mail_user(self) -> str:
        """The name of the mail user; empty where it has none."""
        with suppress(KeyError):
            return pwd.getpwuid(self.mail_uid).pw_name
        return ""

    @property
    def scan_max_bytes(self) -> int:
        """More than any message has that Postfix takes, or the largest would never pass."""
        return self.message_max_bytes + SCAN_MARGIN_BYTES

    @property
    def srs_domain_pattern(self) -> str:
        return re.escape(self.srs_domain)

    @property
    def postfix_interfaces(self) -> str:
        return self.listen or "all"

    @property
    def postfix_protocols(self) -> str:
        return "ipv4" if self.listen.count(".") == 3 else "all"

    @property
    def dovecot_listen(self) -> str:
        return self.listen or "*, ::"

    @property
    def postfix_database_host(self) -> str:
        if self.database.host.startswith("/"):
            return f"unix:{self.database.host}/.s.PGSQL.{self.database.port}"
        return f"inet:{self.database.host}:{self.database.port}"


def plane_config(directory: Path) -> PlaneConfig:
    """From the settings. Raises ImproperlyConfigured for a role name that SQL would not take."""
    own = directory / "tls"
    return PlaneConfig(
        directory=directory,
        state=settings.MAIL_PLANE_STATE_DIR,
        boxes=settings.MAIL_STORE_DIR / "boxes",
        host_name=settings.MAIL_HOST_NAME,
        listen=settings.MAIL_PLANE_LISTEN,
        ports=settings.MAIL_PLANE_PORTS,
        hosts=_hosts(),
        database=_database(),
        postfix=_role("postfix"),
        dovecot=_role("dovecot"),
        usage=_role("usage"),
        mail_uid=settings.MAIL_PLANE_UID,
        mail_gid=settings.MAIL_PLANE_UID,
        message_max_bytes=settings.MAIL_MESSAGE_MAX_BYTES,
        smart_host=_smart_host(),
        failure_delay=settings.MAIL_PLANE_FAILURE_DELAY,
        sign_in_key=sign_in_key(),
        sign_in_nonce=derived_secret("nonce of the sign-in listener"),
        doveadm_key=doveadm_key(),
        master_digest=hashlib.sha256(master_password().encode()).hexdigest(),
        store_domain=STORE_DOMAIN,
        rspamd_password=derived_secret("password of Rspamd's controller"),
        rspamd_key=rspamd_key(),
        rules_key=rules_key(),
        rules_every=settings.MAIL_PLANE_RULES_EVERY,
        srs_domain=settings.MAIL_SRS_DOMAIN,
        nameservers=tuple(settings.MAIL_PLANE_NAMESERVERS),
        public_suffixes=settings.MAIL_PLANE_PUBLIC_SUFFIXES,
        virus_signatures=settings.MAIL_PLANE_VIRUS_SIGNATURES,
        tls_certificate=Path(settings.SMTP_TLS_CERT or own / "certificate.pem"),
        tls_key=Path(settings.SMTP_TLS_KEY or settings.SMTP_TLS_CERT or own / "key.pem"),
    )


def sign_in_key() -> str:
    """What Dovecot shows to our sign-in listener."""
    return derived_secret("key of the sign-in listener")


def doveadm_key() -> str:
    """What the console shows to Dovecot's administration interface."""
    return derived_secret("key of Dovecot's administration")


def master_password() -> str:
    """With it the console opens any mailbox by IMAP."""
    return derived_secret("password of Dovecot's master user")


def rspamd_key() -> str:
    """What Rspamd shows to our listener when it asks for the keys that sign mail."""
    return derived_secret("key of Rspamd's questions")


def rules_key() -> str:
    """What it shows when it asks for rules; it writes this one into its log."""
    return derived_secret("key of Rspamd's rules")


def _hosts() -> Hosts:
    return Hosts(
        policy=settings.MAIL_PLANE_POLICY_HOST,
        dovecot=settings.MAIL_PLANE_DOVECOT_HOST,
        rspamd=settings.MAIL_PLANE_RSPAMD_HOST,
        inside=settings.MAIL_PLANE_INSIDE,
        consoles=tuple(settings.MAIL_PLANE_CONSOLES),
    )


def _database() -> Database:
    known = connection.settings_dict
    return Database(
        host=known["HOST"] or "127.0.0.1", port=str(known["PORT"] or 5432), name=known["NAME"]
    )


def _role(server: str) -> Role:
    prefix = settings.MAIL_PLANE_ROLE_PREFIX
    if not _ROLE_PREFIX.fullmatch(prefix):
        raise ImproperlyConfigured(
            "MAIL_PLANE_ROLE_PREFIX must be small letters, digits and _, beginning with a letter."
        )
    return Role(f"{prefix}_{server}", derived_secret(f"database role of {server}"))


def _smart_host() -> SmartHost | None:
    host, colon, port = settings.SMART_HOST.partition(":")
    if not host:
        return None
    return SmartHost(
        address=f"[{host}]{colon}{port}",
        user=settings.SMART_HOST_USER,
        password=settings.SMART_HOST_PASSWORD,
        is_encrypted=settings.SMART_HOST_TLS,
    )
