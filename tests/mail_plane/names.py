"""A nameserver of the tests: it knows what it was told, and that all else does not exist."""

import socketserver
from contextlib import contextmanager
from threading import Thread

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class Zone(dict):
    """Records by (name, type); each a list of texts as in a zone file."""

    def publish(self, name, kind, *texts):
        self[name.rstrip(".").lower(), kind] = list(texts)

    def publish_text(self, name, text):
        """A TXT record of any length: a string of one has 255 bytes at most."""
        pieces = [text[start : start + 255] for start in range(0, len(text), 255)]
        self.publish(name, "TXT", " ".join(f'"{piece}"' for piece in pieces))


class _Handler(socketserver.BaseRequestHandler):
    def handle(self):
        data, socket = self.request
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query, recursion_available=True)
        asked = query.question[0]
        name, kind = asked.name.to_text(omit_final_dot=True).lower(), asked.rdtype.name
        if texts := self.server.zone.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(asked.name, 1, "IN", kind, *texts))
        elif not any(known == name for known, _ in self.server.zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        socket.sendto(answer.to_wire(), self.client_address)


@contextmanager
def serving(zone):
    """The address (host:port) of a nameserver for the zone."""
    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), _Handler) as server:
        server.zone = zone
        thread = Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        host, port = server.server_address
        yield f"{host}:{port}"
        server.shutdown()
        thread.join()
