"""What ClamAV finds does not pass, whoever sends it."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.conf import settings

from tests.factories.accounts import AccountFactory
from tests.mail_plane.letters import OUTSIDER, colleague_of, hand_in, real_only
from tests.mail_plane.scanner import EICAR, VIRUS
from tests.mail_server.conftest import letter

pytestmark = real_only

VIRUS_BYTES = EICAR.encode()
REFUSED = (554, f'5.7.1 Message refused: it carries the virus "{VIRUS}.UNOFFICIAL"')


def with_attachment(content=VIRUS_BYTES, name="offer.com"):
    message = letter()
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message


def archived():
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr("offer.com", EICAR)
    return with_attachment(buffer.getvalue(), "offer.zip")


def behind_much_text():
    """All but as large as Postfix takes a message; it counts some bytes more for each line."""
    message = with_attachment()
    size = settings.MAIL_MESSAGE_MAX_BYTES - len(message.as_bytes()) - 1000
    line = "x" * 76 + "\n"
    message.get_body().set_content(line * (size // (len(line) + 5)))
    return message


@pytest.mark.parametrize(
    "write",
    [lambda: letter(body=EICAR), with_attachment, archived, behind_much_text],
    ids=["text", "file", "archive", "much text"],
)
def test_an_infected_message_from_the_outside_is_refused(plane, smtp, subjects, write):
    account = AccountFactory()

    assert hand_in(smtp(), OUTSIDER, account.address, write()) == REFUSED
    assert subjects(account) == []


def test_an_infected_message_of_a_member_is_refused(plane, smtp, subjects):
    account = AccountFactory()
    colleague = colleague_of(account)

    answer = hand_in(smtp(account), account.address, colleague.address, with_attachment())

    assert answer == REFUSED
    assert subjects(colleague) == []
