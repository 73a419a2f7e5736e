"""The real mail servers on free ports, started from an empty directory without systemd."""

import os
import random
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from io import StringIO
from pathlib import Path

import psutil
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from admin_platform.embedded.launch import launched
from admin_platform.embedded.ports import bind_error
from tests.mail_plane.scanner import make_scanner_files, rspamd_command
from tests.processes import ROOT, environment, wait_until

POSTFIX, DOVECOT = "/usr/lib/postfix/sbin/master", "/usr/sbin/dovecot"
RSPAMD, CLAMD = "/usr/bin/rspamd", "/usr/sbin/clamd"
SIEVEC = "/usr/bin/sievec"
PROGRAMS = (POSTFIX, DOVECOT, SIEVEC, RSPAMD, CLAMD)
MAIL_UID = 5000
STOP_SECONDS = 10
AMONG_THEMSELVES = (
    "MAIL_PLANE_POLICY_HOST",
    "MAIL_PLANE_DOVECOT_HOST",
    "MAIL_PLANE_RSPAMD_HOST",
    "MAIL_PLANE_INSIDE",
)
INSIDE = ("policy", "sign_in", "lmtp", "sasl", "quota", "doveadm", "milter")


def what_is_missing() -> str:
    """Why the real servers cannot run here; empty where they can."""
    missing = [Path(path).name for path in PROGRAMS if not Path(path).exists()]
    if missing:
        return f"not installed: {', '.join(missing)} (see .ci/run)"
    return "" if os.geteuid() == 0 else "Postfix and Dovecot are started by root only"


BLOCK = 32


def free_ports(held: ExitStack) -> list[int]:
    """Some ports side by side, which no other run of the tests takes while `held` is open.

    Below those that the system gives to outgoing connections, which come and go. The first
    of them is only listened on, to say that the others are taken.
    """
    firsts = list(range(20_000, 32_000, BLOCK))
    random.shuffle(firsts)
    for first in firsts:
        with suppress(OSError):
            held.enter_context(socket.create_server(("127.0.0.1", first)))
            ports = range(first + 1, first + BLOCK)
            return [port for port in ports if bind_error("127.0.0.1", port) is None]
    raise AssertionError("No free ports.")


def believe_xclient(config: Path) -> None:
    """Tests say from where they come, as if from the outside."""
    told = "smtpd_authorized_xclient_hosts = 127.0.0.1"
    subprocess.run(["/usr/sbin/postconf", "-c", config, "-e", told], check=True)


def is_taken(path: Path) -> bool:
    """Whether it is a message, whole: Postfix says so by the mode of the file."""
    with suppress(FileNotFoundError):
        status = path.stat()
        return stat.S_ISREG(status.st_mode) and bool(status.st_mode & stat.S_IXUSR)
    return False


class RealServers:
    """One host's worth of servers; `ports` as in settings.MAIL_PLANE_PORTS. inside: where
    they find one another."""

    def __init__(self, smart_host: str, nameserver: str, inside: str = "127.0.0.1") -> None:
        self.smart_host, self.nameserver, self.inside = smart_host, nameserver, inside
        self.home = Path(tempfile.mkdtemp(prefix="plane-"))
        self.home.chmod(0o755)
        # The mail user reaches its mailboxes through the folder of the test run.
        Path(settings.VAR_DIR).chmod(0o711)
        Path(settings.MAIL_STORE_DIR).mkdir(exist_ok=True, mode=0o711)
        self.scanner = make_scanner_files(self.home)
        self.held = ExitStack()
        self.ports = dict(zip(settings.MAIL_PLANE_PORTS, free_ports(self.held), strict=False))
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def log(self) -> str:
        """What the servers have said so far."""
        files = [*self.home.glob("*.out"), *(self.home / "state/log").glob("*.log")]
        return "\n".join(f"{path.name}:\n{path.read_text()}" for path in files)

    def start(self) -> None:
        self.configure()
        with ExitStack() as on_failure:
            on_failure.callback(self.stop)
            for name in ("policy", "dovecot", "postfix", "clamav"):
                self.start_one(name)
            # Rspamd asks for its settings once, and then not again for a while.
            self.wait_for("policy", "sign_in")
            self.start_one("rspamd")
            self.wait_for("lmtp", "sasl", "quota", "imap", "doveadm", "clamav", "milter", "rspamd")
            self.wait_for("smtp", "submission")
            on_failure.pop_all()

    def wait_for(self, *names: str) -> None:
        for name in names:
            wait_until(lambda name=name: self.answers(name), seconds=30)

    def configure(self, **changed: object) -> None:
        """Write the configurations; changed: settings that differ from those of all tests."""
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        usual: dict[str, object] = {
            "SMART_HOST": self.smart_host,
            "MAIL_PLANE_PORTS": self.ports,
            **dict.fromkeys(AMONG_THEMSELVES, self.inside),
            "MAIL_PLANE_STATE_DIR": self.home / "state",
            "MAIL_PLANE_LISTEN": "127.0.0.1",
            "MAIL_PLANE_UID": MAIL_UID,
            "MAIL_PLANE_ROLE_PREFIX": f"mp_{worker}",
            "MAIL_PLANE_FAILURE_DELAY": "0",
            "MAIL_PLANE_NAMESERVERS": [self.nameserver],
            "MAIL_PLANE_RULES_EVERY": "1s",
            **self.scanner,
        }
        with override_settings(**usual | changed):
            call_command("mail_config", self.home / "config", stdout=StringIO())
        believe_xclient(self.home / "config/postfix")

    def start_one(self, name: str) -> None:
        """Start a server, without waiting until it answers."""
        config = self.home / "config"
        command = {
            "policy": [sys.executable, "manage.py", "run_mail_policy"],
            "dovecot": [DOVECOT, "-F", "-c", str(config / "dovecot/dovecot.conf")],
            "postfix": ["/usr/sbin/postfix", "-c", str(config / "postfix"), "start-fg"],
            "clamav": [CLAMD, "-c", str(config / "clamav/clamd.conf")],
            "rspamd": rspamd_command(config, self.home / "state"),
        }[name]
        more = {f"MAIL_PLANE_{key.upper()}_PORT": str(port) for key, port in self.ports.items()}
        more["MAIL_PLANE_INSIDE"] = self.inside
        output = (self.home / f"{name}.out").open("ab")
        self.processes[name] = subprocess.Popen(
            launched(
                [shutil.which(command[0]) or command[0], *command[1:]], ended_by=signal.SIGTERM
            ),
            cwd=ROOT,
            env=environment(settings.VAR_DIR) | more,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        output.close()

    def stop(self) -> None:
        for name in list(self.processes):
            self.end(name)
        for name in list(self.processes):
            self.stop_one(name)
        self.held.close()
        shutil.rmtree(self.home)

    def end(self, name: str) -> None:
        """Ask to end, without waiting."""
        process = self.processes[name]
        if name == "postfix":
            with suppress(FileNotFoundError, ValueError, ProcessLookupError):
                pid = (self.home / "state/postfix/queue/pid/master.pid").read_text()
                os.kill(int(pid), signal.SIGTERM)
        process.send_signal(signal.SIGTERM)

    def stop_one(self, name: str) -> None:
        self.end(name)
        process = self.processes.pop(name)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_postfix(self) -> None:
        """Its processes have sessions of their own."""
        pid = int((self.home / "state/postfix/queue/pid/master.pid").read_text())
        master = psutil.Process(pid)
        for process in (master, *master.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def answers(self, name: str) -> bool:
        for process in self.processes.values():
            assert process.poll() is None, self.log
        host = self.inside if name in INSIDE else "127.0.0.1"
        with suppress(OSError), socket.create_connection((host, self.ports[name]), 1):
            return True
        return False

    def queue_is_empty(self) -> bool:
        queue = self.home / "state/postfix/queue"
        waiting = [
            path
            for _ in range(2)
            for name in ("maildrop", "incoming", "active")
            for path in (queue / name).rglob("*")
            if is_taken(path)
        ]
        return not waiting

    def deferred(self) -> list[Path]:
        """What is to be tried again later."""
        queue = self.home / "state/postfix/queue/deferred"
        return [path for path in queue.rglob("*") if path.is_file()]

    def flush(self) -> None:
        """Try at once what is to be tried later."""
        subprocess.run(["/usr/sbin/postqueue", "-c", self.postfix_config, "-f"], check=True)

    def reload_postfix(self) -> None:
        """End its waiting processes; new ones take their place."""
        command = ["/usr/sbin/postfix", "-c", self.postfix_config, "reload"]
        subprocess.run(command, check=True, capture_output=True)

    @property
    def postfix_config(self) -> str:
        return str(self.home / "config/postfix")
