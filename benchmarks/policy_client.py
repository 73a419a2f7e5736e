"""What asks the policy service as Postfix does: many connections, each waits for its answer.

A process of its own: `python -m benchmarks.policy_client PORT ORGANIZATION ACCOUNTS SECONDS`
prints the milliseconds of each answer as JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time

CONNECTIONS = 20
# As Postfix 3.7 asks.
REQUEST = """request=smtpd_access_policy
protocol_state=RCPT
protocol_name=ESMTP
client_address=192.0.2.1
client_name=mx.elsewhere.example
client_port=39110
reverse_client_name=mx.elsewhere.example
server_address=192.0.2.25
server_port=25
helo_name=mx.elsewhere.example
sender=friend@elsewhere.example
recipient={recipient}
recipient_count=0
queue_id=
instance=36c3.6b046172.95fbd.0
size=4096
etrn_domain=
stress=
sasl_method=
sasl_username=
sasl_sender=
ccert_subject=
ccert_issuer=
ccert_fingerprint=
ccert_pubkey_fingerprint=
encryption_protocol=
encryption_cipher=
encryption_keysize=0
policy_context=

"""


class Questioner(asyncio.Protocol):
    """One connection; `taken` gets the milliseconds of each answer."""

    def __init__(self, organization: str, accounts: int, taken: list[float]) -> None:
        self.organization, self.accounts, self.taken = organization, accounts, taken

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        recipient = f"u{random.randint(1, self.accounts)}@{self.organization}.example"
        self.asked = time.perf_counter()
        self.transport.write(REQUEST.format(recipient=recipient).encode())

    def data_received(self, data: bytes) -> None:
        assert data == b"action=DUNNO\n\n", data
        self.taken.append((time.perf_counter() - self.asked) * 1000)
        self.ask()


async def ask_for(port: int, organization: str, accounts: int, seconds: float) -> list[float]:
    taken: list[float] = []
    loop = asyncio.get_running_loop()
    for _ in range(CONNECTIONS):
        await loop.create_connection(
            lambda: Questioner(organization, accounts, taken), "127.0.0.1", port
        )
    await asyncio.sleep(1)  # the first answers open connections and make plans
    taken.clear()
    await asyncio.sleep(seconds)
    return taken


if __name__ == "__main__":
    port, organization, accounts, seconds = sys.argv[1:]
    print(json.dumps(asyncio.run(ask_for(int(port), organization, int(accounts), float(seconds)))))
