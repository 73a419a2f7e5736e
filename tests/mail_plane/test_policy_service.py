"""What Postfix asks of us, and what becomes of mail while nobody answers."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from mail_server.plane.policy_protocol import Request, answer, parse
from mail_server.plane.policy_service import PolicyService
from mail_server.policy import OK, RECEIVES_NOTHING
from tests.factories.accounts import AccountFactory
from tests.mail_plane.letters import OUTSIDER


def test_a_request_is_understood_and_the_unknown_in_it_passed_over():
    request = parse(
        [
            b"request=smtpd_access_policy",
            b"sender=A@Acme.example",
            b"recipient=B@Acme.example",
            b"sasl_username=",
            b"size=",
            b"client_address=192.0.2.7",
            b"new_in_postfix=4=2",
            b"no attribute",
        ]
    )

    assert request == Request("", "a@acme.example", "b@acme.example", 0, "192.0.2.7")


def test_what_we_let_through_is_left_to_the_checks_behind_us():
    assert answer(OK) == b"action=DUNNO\n\n"
    assert answer(RECEIVES_NOTHING) == (b"action=550 5.7.1 This mailbox does not receive mail\n\n")


def ask(*requests):
    """The answers of a service of our own, which ends while we are connected, and the rest.

    Being hung up on is an empty answer.
    """

    async def conversation():
        service = PolicyService("127.0.0.1", 0)
        await service.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
        answers = []
        for request in requests:
            writer.write(request)
            answers.append(await heard(reader))
        await asyncio.wait_for(service.close(), 10)
        rest = await heard(reader)
        writer.close()
        return answers, rest

    # A browser that ran before keeps an event loop in this thread.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(conversation())).result()


async def heard(reader):
    with suppress(ConnectionResetError):
        return await reader.read(200)
    return b""


@pytest.mark.django_db(transaction=True)
def test_one_connection_asks_many_times_and_is_hung_up_on_when_the_service_ends():
    account = AccountFactory()
    request = f"sender={OUTSIDER}\nrecipient={account.address}\n\n".encode()
    unknown = f"sender={OUTSIDER}\nrecipient=nobody@{account.domain.name}\n\n".encode()

    answers, rest = ask(request, unknown, request)

    passes, refuses = b"action=DUNNO\n\n", b"action=550 5.1.1 No such mailbox here\n\n"
    assert answers == [passes, refuses, passes]
    assert rest == b""


@pytest.mark.parametrize("garbage", [b"x=y\n" * 200, b"A" * 200_000])
def test_who_is_not_postfix_is_hung_up_on(garbage):
    answers, _rest = ask(garbage)

    assert answers == [b""]
