"""What is found out about messages before a round locks anything: what they say, and what the DNS says of senders.

Reading takes time, and a name server may take seconds. Nobody waits for either: the round that sorts the messages
begins when this is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from balie.mail.facts import MailRules
from balie.mail.models import InboundMail, Way
from balie.mail.proof import in_front
from balie.mail.proof.checking import Client, Dns, Resolver, check
from balie.mail.reading.parsing import ReadMail, read_message
from balie.rules.mail_matching import Result

CHECKED_AT_ONCE = 16
"""So many mails ask the DNS at the same time."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Messages as they were read, by the key of their row.

    `clients`: the server that sent what came by LMTP, as its first line tells. `checked`: what our own checks came to,
    of each that no server in front checked.
    """

    raws: Mapping[int, bytes]
    reads: Mapping[int, ReadMail]
    clients: Mapping[int, Client] = field(default_factory=dict)
    checked: Mapping[int, tuple[Result, ...]] = field(default_factory=dict)


def open_all(
    mails: Iterable[InboundMail], rules: MailRules, *, dns: Callable[[], Dns] | None = None
) -> Opened:
    """Read the messages, and check their senders where the desk wants that. Never raises for what a message holds.

    `dns`: makes the resolver for one message.
    """
    rows = list(mails)
    raws = {mail.pk: bytes(mail.raw) for mail in rows}
    reads = dict(_readable(raws))
    if not rules.settings.checks_here:
        return Opened(raws, reads)
    clients = dict(_of_lmtp(rows, raws, reads))
    told = {mail.pk: client for mail in rows if (client := Client.read(mail.client))} | clients
    return Opened(raws, reads, clients, _check(raws, reads, told, rules, dns or resolver))


def resolver() -> Dns:
    """The DNS as this machine knows it, for one message."""
    return Resolver()


def _readable(raws: Mapping[int, bytes]) -> Iterator[tuple[int, ReadMail]]:
    for key, raw in raws.items():
        with suppress(Exception):  # it is read again when its turn comes, and then tells what is wrong
            yield key, read_message(raw)


def _of_lmtp(
    mails: Sequence[InboundMail], raws: Mapping[int, bytes], reads: Mapping[int, ReadMail]
) -> Iterator[tuple[int, Client]]:
    for mail in mails:
        if mail.way == Way.LMTP and mail.pk in reads and not mail.client:
            client = Client.of_lmtp(raws[mail.pk], sender=reads[mail.pk].return_path or "")
            if client is not None:
                yield mail.pk, client


def _check(
    raws: Mapping[int, bytes],
    reads: Mapping[int, ReadMail],
    clients: Mapping[int, Client],
    rules: MailRules,
    dns: Callable[[], Dns],
) -> dict[int, tuple[Result, ...]]:
    """All at once: the DNS takes time."""
    wanted = {
        key: read.from_.address
        for key, read in reads.items()
        if read.from_ is not None
        and key in clients
        and not in_front.results(in_front.headers_of(raws[key]), trusted=rules.trusted)
    }
    if not wanted:
        return {}
    with ThreadPoolExecutor(min(len(wanted), CHECKED_AT_ONCE)) as pool:
        found = pool.map(
            lambda key: check(raws[key], clients[key], from_=wanted[key], dns=dns()), wanted.keys()
        )
        return dict(zip(wanted, found, strict=True))
