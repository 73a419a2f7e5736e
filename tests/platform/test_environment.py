import pytest
from django.core.exceptions import ImproperlyConfigured

from admin_platform.environment import (
    database_settings,
    env_bool,
    env_choice,
    env_int,
    kept_secret,
)


@pytest.mark.parametrize(("text", "value"), [("", False), ("yes", True), ("0", False)])
def test_a_switch_is_read(monkeypatch, text, value):
    monkeypatch.setenv("SWITCH", text)

    assert env_bool("SWITCH") is value


@pytest.mark.parametrize(("text", "value"), [("", "one"), ("two", "two")])
def test_a_choice_is_read(monkeypatch, text, value):
    monkeypatch.setenv("SWITCH", text)

    assert env_choice("SWITCH", "one", "two") == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (env_bool, "perhaps"),
        (lambda name: env_int(name, 1), "x"),
        (lambda name: env_choice(name, "one", "two"), "three"),
    ],
)
def test_an_unreadable_value_stops_the_start(monkeypatch, read, text):
    monkeypatch.setenv("SWITCH", text)

    with pytest.raises(ImproperlyConfigured, match="SWITCH"):
        read("SWITCH")


def test_a_database_address_keeps_its_escaped_password():
    read = database_settings("postgresql://app:p%40ss@db.example:5433/mail")

    assert (read["HOST"], read["PORT"], read["PASSWORD"]) == (
        "db.example",
        "5433",
        "p@ss",
    )


def test_another_database_than_postgresql_is_refused():
    with pytest.raises(ImproperlyConfigured):
        database_settings("sqlite:///db")


def test_a_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    path = tmp_path / "var" / "secret_key"

    first, second = (
        kept_secret("NO_SUCH_VARIABLE", path),
        kept_secret("NO_SUCH_VARIABLE", path),
    )

    assert first == second
    assert path.stat().st_mode & 0o777 == 0o600
