"""What Rspamd and ClamAV need in a house of their own: a few suffixes, one known virus."""

from pathlib import Path

# In two halves, so that no file of the project is itself a finding.
EICAR = r"X5O!P%@AP[4\PZX54(P^)7CC)7}" + "$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
VIRUS = "Local.Test.EICAR"
# Rspamd compiles the full list for many seconds.
SUFFIXES = "example\ntest\ncom\ncn\n"


def make_scanner_files(home: Path) -> dict[str, object]:
    """Settings that name them."""
    signatures = home / "signatures"
    signatures.mkdir(mode=0o755)
    (signatures / "local.ndb").write_text(f"{VIRUS}:0:*:{EICAR.encode().hex()}\n")
    suffixes = home / "suffixes.dat"
    suffixes.write_text(SUFFIXES)
    return {
        "MAIL_PLANE_VIRUS_SIGNATURES": str(signatures),
        "MAIL_PLANE_PUBLIC_SUFFIXES": str(suffixes),
    }


def rspamd_command(config: Path, state: Path) -> list[str]:
    places = {
        "LOCAL_CONFDIR": config / "rspamd",
        "DBDIR": state / "rspamd/db",
        "RUNDIR": state / "rspamd/run",
        "LOGDIR": state / "log",
    }
    variables = [f"--var={name}={path}" for name, path in places.items()]
    return ["/usr/bin/rspamd", "-f", "-u", "_rspamd", "-g", "_rspamd", *variables]
