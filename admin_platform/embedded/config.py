"""What `make run` is told by its environment, and where it keeps its state."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from admin_platform.environment import env_int, env_str

BASE_DIR = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Port:
    """A port to listen on, and the variable that changes it."""

    variable: str
    host: str
    number: int


@dataclass(frozen=True)
class RunConfig:
    var: Path = field(
        default_factory=lambda: Path(env_str("VAR_DIR", str(BASE_DIR / "var"))).resolve()
    )
    http: Port = field(
        default_factory=lambda: Port(
            "HTTP_PORT", env_str("HTTP_HOST", "127.0.0.1"), env_int("HTTP_PORT", 8000)
        )
    )
    smtp: Port = field(
        default_factory=lambda: Port(
            "SMTP_PORT", env_str("SMTP_HOST", "127.0.0.1"), env_int("SMTP_PORT", 2525)
        )
    )
    submission: Port = field(
        default_factory=lambda: Port(
            "SUBMISSION_PORT", env_str("SMTP_HOST", "127.0.0.1"), env_int("SUBMISSION_PORT", 2587)
        )
    )
    # A database of one's own; then none is embedded.
    database_url: str = field(default_factory=lambda: env_str("DATABASE_URL"))

    @property
    def ports(self) -> tuple[Port, ...]:
        return (self.http, self.smtp, self.submission)

    @property
    def base_url(self) -> str:
        host = "localhost" if self.http.host in {"127.0.0.1", "0.0.0.0"} else self.http.host  # noqa: S104
        return f"http://{host}:{self.http.number}"
