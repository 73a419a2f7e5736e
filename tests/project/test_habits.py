"""What keeps the project in order beside its code."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

from tests.mail_plane.scanner import rspamd_command

ROOT = Path(__file__).resolve().parent.parent.parent
CI = ROOT / ".ci" / "run"
OURS = {"db", "redis", "migrate", "web", "worker", "beat", "mail"}
MAIL_SERVERS = {
    "mail-config",
    "mail-log",
    "mail-policy",
    "postfix",
    "dovecot",
    "rspamd",
    "clamav",
    "freshclam",
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_are_named():
    automatic = [
        path.name
        for path in ROOT.glob("*/migrations/0*.py")
        if re.match(r"\d+_auto_|\d+_alter_|\d+_remove_|\d+_rename_", path.name)
    ]

    assert automatic == []


def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_the_composed_platform_has_every_part_with_a_health_check():
    services = compose()["services"]

    assert set(services) == OURS | MAIL_SERVERS
    for name, service in services.items():
        assert "image" in service or "build" in service, name
        # What runs once and ends has no health.
        assert name in {"migrate", "mail-config"} or service["healthcheck"]["test"], name


def test_the_real_mail_servers_are_started_where_they_are_wanted():
    services = compose()["services"]

    wanted = {name for name, service in services.items() if service.get("profiles") == ["mail"]}
    assert wanted == MAIL_SERVERS
    for name in MAIL_SERVERS - {"mail-config", "mail-policy"}:
        # They reach one another, and the policy, on the loopback alone.
        assert services[name]["network_mode"] == "service:mail-policy", name
        assert "ports" not in services[name], name


def test_the_image_of_the_mail_servers_has_what_their_tests_run_with():
    tested = re.findall(r"missing\+=\(((?:postfix|dovecot|rspamd|clamav)[\w-]*)\)", CI.read_text())
    installed = (ROOT / "Dockerfile").read_text().partition("AS mail-servers")[2].split()

    assert len(tested) >= 9
    assert set(tested) <= set(installed)


def test_the_mail_servers_are_started_as_they_are_tested():
    command = compose()["services"]["rspamd"]["command"]

    tested = rspamd_command(Path("/etc/mail-plane"), Path("/var/lib/mail-plane"))
    assert ["/usr/bin/rspamd", *command[1:]] == tested


def test_the_parts_wait_for_parts_that_are_there():
    services = compose()["services"]

    waited_for = {
        (name, other, how["condition"])
        for name, service in services.items()
        for other, how in (service.get("depends_on") or {}).items()
    }

    assert {other for _name, other, _how in waited_for} <= set(services)
    assert ("migrate", "db", "service_healthy") in waited_for
    assert ("web", "migrate", "service_completed_successfully") in waited_for


def test_the_volumes_of_the_composed_platform_are_declared():
    content = compose()
    used = {
        volume.partition(":")[0]
        for service in content["services"].values()
        for volume in service.get("volumes", [])
    }

    assert used == set(content["volumes"])


def test_every_setting_of_the_composed_platform_is_told_in_the_example_or_has_a_default():
    text = (ROOT / "docker-compose.yml").read_text()
    needed = set(re.findall(r"\$\{(\w+):\?", text))
    told = set(re.findall(r"(?m)^#?\s*(\w+)=", (ROOT / ".env.example").read_text()))

    assert needed <= told


def test_every_dependency_has_a_wheel_for_every_python_on_linux():
    """Nobody needs a compiler for `make run`."""
    missing = [
        (package["name"], python)
        for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]
        if "registry" in package["source"]
        for python in PYTHONS
        if not any(fits(wheel["url"], python) for wheel in package.get("wheels", []))
    ]

    assert missing == []


def fits(url: str, python: str) -> bool:
    *_name, tags, abi, platform = url.rpartition("/")[2].removesuffix(".whl").split("-")
    if platform != "any" and not ("linux" in platform and "x86_64" in platform):
        return False
    minor = int(python.split(".")[1])
    if abi == "abi3":
        return int(tags.removeprefix("cp3")) <= minor
    return any(tag in ("py3", f"cp3{minor}") for tag in tags.split("."))


def test_the_checks_before_a_commit_are_programs_of_the_project():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    installed = {re.split(r"[\[>=]", line)[0] for line in groups["dev"]}
    provides = {"lint-imports": "import-linter"}

    programs = {
        re.search(r"\.venv/bin/(\S+)", hook["entry"])[1]
        for repository in config["repos"]
        for hook in repository["hooks"]
    }

    assert {provides.get(program, program) for program in programs} <= installed
    assert "pre-commit" in installed
