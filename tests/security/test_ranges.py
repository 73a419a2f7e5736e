import pytest
from django.core.exceptions import ValidationError

from security.ranges import AddressRange


@pytest.mark.parametrize(
    ("text", "shown", "size"),
    [
        ("203.0.113.7", "203.0.113.7", 1),
        (" 10.0.0.0/8 ", "10.0.0.0/8", 2**24),
        ("10.0.0.0/255.255.0.0", "10.0.0.0/16", 2**16),
        ("192.168.1.*", "192.168.1.0/24", 256),
        ("192.168.*.*", "192.168.0.0/16", 2**16),
        ("10.0.0.1-10.0.0.9", "10.0.0.1–10.0.0.9", 9),
        ("10.0.0.0 – 10.0.0.255", "10.0.0.0/24", 256),
        ("10.0.0.1～10.0.0.1", "10.0.0.1", 1),
        ("2001:DB8::/32", "2001:db8::/32", 2**96),
        ("2001:db8::1-2001:db8::ff", "2001:db8::1–2001:db8::ff", 255),
        ("::/0", "::/0", 2**128),
        ("::ffff:10.0.0.1", "10.0.0.1", 1),
        ("::ffff:10.0.0.0/120", "10.0.0.0/24", 256),
    ],
)
def test_a_range_is_read_in_every_way_of_writing_and_shown_in_the_shortest(text, shown, size):
    found = AddressRange.parse(text)

    assert (str(found), found.size) == (shown, size)
    assert AddressRange.parse(str(found)) == found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "不是 IP 地址"),
        ("office", "不是 IP 地址"),
        ("10.0.0.256", "不是 IP 地址"),
        ("10.0.0.0/33", "不是 IP 地址"),
        ("10.0.0.1-", "不是 IP 地址"),
        ("10.*.0.1", "不是 IP 地址"),
        ("1.2.3.4/24", "1.2.3.0/24"),
        ("10.0.0.9-10.0.0.1", "起止地址颠倒"),
        ("10.0.0.1-2001:db8::1", "IPv4 与 IPv6"),
        ("1-2-3", "不是 IP 地址"),
    ],
)
def test_what_is_no_range_is_refused_with_its_reason(text, reason):
    with pytest.raises(ValidationError) as refused:
        AddressRange.parse(text)

    assert reason in refused.value.messages[0]
