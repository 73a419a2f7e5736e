"""What `make run` is told by its environment, and where it keeps its state."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from admin_platform.embedded.ports import Port
from admin_platform.environment import env_int, env_str

BASE_DIR = Path(__file__).resolve().parents[2]


def env_port(variable: str, default: int, *, host: str) -> Port:
    number = env_int(variable, default)
    if not 0 < number < 65536:
        raise ImproperlyConfigured(f"{variable} must be a port, 1 to 65535, not {number}.")
    return Port(variable, env_str(host, "127.0.0.1"), number)


@dataclass(frozen=True)
class RunConfig:
    """Raises ImproperlyConfigured for a port that is none."""

    var: Path = field(
        default_factory=lambda: Path(env_str("VAR_DIR", str(BASE_DIR / "var"))).resolve()
    )
    http: Port = field(default_factory=partial(env_port, "HTTP_PORT", 8000, host="HTTP_HOST"))
    smtp: Port = field(default_factory=partial(env_port, "SMTP_PORT", 2525, host="SMTP_HOST"))
    submission: Port = field(
        default_factory=partial(env_port, "SUBMISSION_PORT", 2587, host="SMTP_HOST")
    )
    # A database of one's own; then none is embedded.
    database_url: str = field(default_factory=lambda: env_str("DATABASE_URL"))

    @property
    def ports(self) -> tuple[Port, ...]:
        return (self.http, self.smtp, self.submission)

    @property
    def base_url(self) -> str:
        host, port = self.http.reached_at
        return f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"
