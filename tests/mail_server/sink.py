"""A server outside, to which mail goes that leaves the house."""

import socket
from contextlib import contextmanager

from aiosmtpd.controller import Controller


class Sink:
    """Answers RCPT as told, and keeps what it takes."""

    def __init__(self, answer="250 OK"):
        self.answer, self.received, self.refused = answer, [], set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 5.1.1 Nobody here by that name"
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server, session, envelope):
        self.received.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 queued"


@contextmanager
def listening(sink, **options):
    """The address (host:port) of the sink while it listens; options are aiosmtpd's."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port, **options)
    controller.start()
    yield f"127.0.0.1:{port}"
    controller.stop()
