import pytest

from admin_platform.client_address import client_ip, plain_address


@pytest.mark.parametrize(
    ("forwarded", "trusted", "seen"),
    [
        ("", [], "192.0.2.1"),
        ("203.0.113.9", [], "192.0.2.1"),
        ("203.0.113.9", ["192.0.2.1"], "203.0.113.9"),
        ("198.51.100.7, 203.0.113.9", ["192.0.2.0/24"], "203.0.113.9"),
        ("198.51.100.7, 192.0.2.8", ["192.0.2.0/24"], "198.51.100.7"),
        ("forged, 203.0.113.9", ["192.0.2.1"], "203.0.113.9"),
        ("nonsense", ["192.0.2.1"], "192.0.2.1"),
        ("2001:db8::5", ["192.0.2.1"], "2001:db8::5"),
        ("198.51.100.7, ::ffff:192.0.2.8", ["192.0.2.0/24"], "198.51.100.7"),
        ("::ffff:203.0.113.9", ["192.0.2.1"], "203.0.113.9"),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(rf, settings, forwarded, trusted, seen):
    settings.TRUSTED_PROXIES = trusted
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": forwarded})

    assert client_ip(request) == seen


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("2001:DB8:0::5", "2001:db8::5"),
        ("nonsense", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_has_one_form_however_the_socket_gives_it(given, plain):
    assert plain_address(given) == plain
