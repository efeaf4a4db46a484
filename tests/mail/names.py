"""A name server on this machine that answers what a test tells it, over UDP, for as long as the block lasts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Zone = Mapping[tuple[str, str], Sequence[str]]
"""(name, kind) -> the records, as a zone file has them."""


@contextmanager
def serving(zone: Zone) -> Iterator[int]:
    """Answer from `zone`; yields the port. A name `broken.example` gets no answer but SERVFAIL."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_serve, args=(listener, zone), daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        try:
            yield port
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stopper:
                stopper.sendto(b"", ("127.0.0.1", port))
            thread.join(5)


def _serve(listener: socket.socket, zone: Zone) -> None:
    while True:
        wire, client = listener.recvfrom(4096)
        if not wire:
            return
        listener.sendto(_answer(dns.message.from_wire(wire), zone).to_wire(), client)


def _answer(question: dns.message.Message, zone: Zone) -> dns.message.Message:
    answer = dns.message.make_response(question)
    answer.flags |= dns.flags.RA
    asked = question.question[0]
    name = asked.name.to_text(omit_final_dot=True).lower()
    kind = dns.rdatatype.to_text(asked.rdtype)
    if name.endswith("broken.example"):
        answer.set_rcode(dns.rcode.SERVFAIL)
    elif records := zone.get((name, kind)):
        answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *records))
    elif not any(known == name for known, _kind in zone):
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer
