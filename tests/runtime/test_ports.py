import socket

import pytest

from admin_platform.embedded.config import RunConfig
from admin_platform.embedded.ports import Port, PortRefused, bind_error, require_free


def test_a_free_port_is_proposed_for_a_taken_one():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]

        with pytest.raises(PortRefused) as refused:
            require_free([Port("HTTP_PORT", "127.0.0.1", number)])

    text, _, proposed = str(refused.value).rpartition("=")
    assert text == f"Port {number} on 127.0.0.1 is taken. Choose another: make run HTTP_PORT"
    assert bind_error("127.0.0.1", int(proposed)) is None


def test_the_same_port_twice_is_told_with_both_settings():
    ports = [Port("HTTP_PORT", "127.0.0.1", 2525), Port("SMTP_PORT", "127.0.0.1", 2525)]

    with pytest.raises(PortRefused, match="HTTP_PORT and SMTP_PORT are all 2525"):
        require_free(ports)


@pytest.mark.parametrize("host", ["192.0.2.1", "nowhere.invalid"])
def test_a_host_that_is_not_of_this_machine_is_told(host):
    with pytest.raises(PortRefused, match="Change SMTP_HOST"):
        require_free([Port("SMTP_PORT", host, 2525)])


def test_the_address_for_a_browser_is_on_this_machine(monkeypatch):
    monkeypatch.setenv("HTTP_HOST", "0.0.0.0")
    monkeypatch.setenv("HTTP_PORT", "8080")

    assert RunConfig().base_url == "http://localhost:8080"
