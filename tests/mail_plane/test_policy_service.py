"""What Postfix asks of us, and what becomes of mail while nobody answers."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from mail_server.facts import Question
from mail_server.plane.policy_protocol import Request, answer, parse
from mail_server.plane.policy_service import PolicyService
from mail_server.policy import OK, RECEIVES_NOTHING
from tests.factories.accounts import AccountFactory
from tests.mail_plane.letters import OUTSIDER


def test_a_request_is_understood_and_the_unknown_in_it_passed_over():
    request = parse(
        b"request=smtpd_access_policy\nsender=A@Acme.example\nrecipient=B@Acme.example\n"
        b"sasl_username=A@acme.example\nsize=\nclient_address=::ffff:192.0.2.7\n"
        b"new_in_postfix=4=2\nno attribute\n\n"
    )

    assert request == Request(
        Question("a@acme.example", "a@acme.example", "b@acme.example", "192.0.2.7"), 0
    )


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

    return in_a_loop(conversation)


def in_a_loop(conversation):
    """What it comes to. A browser that ran before keeps an event loop in this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(conversation())).result()


async def one_answer(port, recipient):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"sender={OUTSIDER}\nrecipient={recipient}\n\n".encode())
    answer = await heard(reader)
    writer.close()
    return answer


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


@pytest.mark.django_db(transaction=True)
def test_each_of_many_connections_gets_its_own_answer():
    known = AccountFactory()
    names = [known.local_part if number % 3 else f"nobody{number}" for number in range(60)]

    async def conversations():
        service = PolicyService("127.0.0.1", 0)
        await service.start()
        answers = await asyncio.gather(
            *(one_answer(service.port, f"{name}@{known.domain.name}") for name in names)
        )
        await asyncio.wait_for(service.close(), 10)
        return answers

    answers = in_a_loop(conversations)

    passes, refuses = b"action=DUNNO\n\n", b"action=550 5.1.1 No such mailbox here\n\n"
    assert answers == [passes if name == known.local_part else refuses for name in names]


@pytest.mark.parametrize("garbage", [b"x=y\n" * 20_000, b"A" * 200_000])
def test_who_is_not_postfix_is_hung_up_on(garbage):
    answers, _rest = ask(garbage)

    assert answers == [b""]
