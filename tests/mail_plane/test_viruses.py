"""What ClamAV finds does not pass, whoever sends it."""

import pytest

from tests.factories.accounts import AccountFactory
from tests.mail_plane.letters import OUTSIDER, colleague_of, hand_in, real_only
from tests.mail_plane.scanner import EICAR, VIRUS
from tests.mail_server.conftest import letter

pytestmark = real_only

REFUSED = (554, f'5.7.1 Message refused: it carries the virus "{VIRUS}.UNOFFICIAL"')


def with_attachment():
    message = letter()
    message.add_attachment(
        EICAR.encode(), maintype="application", subtype="octet-stream", filename="offer.com"
    )
    return message


@pytest.mark.parametrize("message", [letter(body=EICAR), with_attachment()], ids=["text", "file"])
def test_an_infected_message_from_the_outside_is_refused(plane, smtp, subjects, message):
    account = AccountFactory()

    assert hand_in(smtp(), OUTSIDER, account.address, message) == REFUSED
    assert subjects(account) == []


def test_an_infected_message_of_a_member_is_refused(plane, smtp, subjects):
    account = AccountFactory()
    colleague = colleague_of(account)

    answer = hand_in(smtp(account), account.address, colleague.address, with_attachment())

    assert answer == REFUSED
    assert subjects(colleague) == []
