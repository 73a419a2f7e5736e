"""Writing the configurations of the mail servers from the templates in deploy/mail/."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.template import Context, Engine

from mail_server.plane.certificates import make_certificate
from mail_server.plane.config import PlaneConfig

TEMPLATES = settings.BASE_DIR / "deploy" / "mail"
ROLES = "roles.sql"
# They hold passwords; who reads its own has given up the rights of root by then.
READABLE_BY_GROUP = {
    "postfix": "postfix",
    "rspamd": "_rspamd",
    "clamav": "clamav",
    "dovecot/usage.conf.ext": "dovecot",
}


def render(config: PlaneConfig) -> list[Path]:
    """Write every file of the configuration, replacing those of an earlier run."""
    engine = Engine(dirs=[str(TEMPLATES)], autoescape=False)
    written = []
    for template in sorted(TEMPLATES.rglob("*")):
        if template.is_dir() or template.name.startswith("_"):
            continue
        name = template.relative_to(TEMPLATES)
        # Numbers as programs read them, without the separators for people.
        context = Context({"plane": config}, use_l10n=False)
        text = engine.get_template(str(name)).render(context)
        written.append(_write(config.directory, name, text))
    if not config.tls_certificate.exists():
        written += make_certificate(config)
    compile_sieve(config)
    return written


def compile_sieve(config: PlaneConfig) -> None:
    """Delivery runs as the mail user, who may not write the compiled rules beside ours."""
    if (sievec := shutil.which("sievec")) is None:
        return
    rules = config.directory / "dovecot" / "junk.sieve"
    main = config.directory / "dovecot" / "dovecot.conf"
    subprocess.run([sievec, "-c", main, "-o", "mail_plugins=", rules], check=True)
    for path in (rules, rules.with_suffix(".svbin")):
        path.chmod(0o644)


def make_directories(config: PlaneConfig) -> None:
    """What the servers do not make themselves. Nobody but they may look in."""
    for path in (config.logs, config.state / "postfix" / "queue", config.state / "dovecot"):
        path.mkdir(parents=True, exist_ok=True, mode=0o755)
    data = config.state / "postfix" / "data"
    data.mkdir(exist_ok=True, mode=0o700)
    _give(data, user="postfix")
    for name in ("db", "run"):
        path = config.state / "rspamd" / name
        path.mkdir(parents=True, exist_ok=True, mode=0o755)
        _give(path, user="_rspamd", group="_rspamd")
    config.boxes.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.geteuid() == 0:
        os.chown(config.boxes, config.mail_uid, config.mail_gid)


def make_roles(config: PlaneConfig) -> None:
    """Run the rendered roles.sql. Raises ProgrammingError where we may not make roles."""
    with connection.cursor() as cursor:
        cursor.execute((config.directory / ROLES).read_text())


def _write(directory: Path, name: Path, text: str) -> Path:
    """One file, whole or not at all, readable by root and those who need it."""
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    group = READABLE_BY_GROUP.get(str(name)) or READABLE_BY_GROUP.get(name.parts[0])
    temporary = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    if group is not None and _give(temporary, group=group):
        temporary.chmod(0o640)
    temporary.replace(path)
    return path


def _give(path: Path, *, user: str | None = None, group: str | None = None) -> bool:
    """Whether the file could be given away: not without root, nor to who does not exist."""
    with suppress(LookupError, PermissionError):
        if user is not None:
            shutil.chown(path, user=user)
        if group is not None:
            shutil.chown(path, group=group)
        return True
    return False
