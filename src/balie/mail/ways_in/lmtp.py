"""Mail that a server on this machine hands over by LMTP (RFC 2033): said yes to after the commit, by recipient.

Runs without Django: what it needs of the desk are its addresses, and the one statement of `intake`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path

from aiosmtpd import lmtp as aiosmtpd_lmtp
from aiosmtpd.smtp import Envelope, Session

from balie.mail import intake
from balie.mail.intake import CLIENT_HEADER
from balie.mail.ways_in.keeping import Keeper, NotKept
from balie.rules.mail_recipients import is_ours

log = logging.getLogger(__name__)

LARGE_BYTES = 1024 * 1024
MOST_CONNECTIONS = 200
IDLE_SECONDS = 300.0
END = b"\r\n.\r\n"

_PATH = re.compile(r'\s*<(?:@[^:>]*:)?((?:"(?:[^"\\]|\\.)*"|[^<>"])*)>\s*(.*)', re.DOTALL)
_FORWARDED = re.compile(r"(\w+)=(\S*)")
_HEX = re.compile(r"\+([0-9A-F]{2})")
_ADDRESS = re.compile(r"[0-9A-Fa-f:.]{2,45}")
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9._\[\]:-]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

LATER = "451 4.3.0 The desk cannot keep mail now; offer it again"
TOO_LARGE = f"552 5.3.4 The message is larger than {intake.LARGEST_BYTES // 1024**2} MB"


class TooLarge(Exception):
    """The message was read to its end, and is larger than a message may be."""


class Desk:
    """What `aiosmtpd` asks about recipients and messages. `fixed`: addresses that are the desk's besides its rows."""

    def __init__(self, keeper: Keeper, *, fixed: Sequence[str] = ()) -> None:
        self.keeper = keeper
        self.fixed = tuple(fixed)
        self.large = asyncio.Semaphore(1)
        self.connections: set[Server] = set()

    async def handle_EHLO(  # noqa: N802 (aiosmtpd's name, like the others)
        self,
        server: aiosmtpd_lmtp.LMTP,
        session: Session,
        envelope: Envelope,
        name: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = name
        return [*responses[:-1], "250-PIPELINING", "250-XFORWARD NAME ADDR PROTO HELO", responses[-1]]

    async def handle_RCPT(  # noqa: N802
        self,
        server: aiosmtpd_lmtp.LMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        try:
            addresses = await self.keeper.addresses()
        except NotKept:
            return LATER
        if not is_ours(address, (*addresses, *self.fixed)):
            return "550 5.1.1 This is no address of the desk"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: aiosmtpd_lmtp.LMTP, session: Session, envelope: Envelope
    ) -> str:
        """One line for each recipient; they share one message, so they share its fate."""
        assert isinstance(envelope.content, bytes)
        try:
            await self.keeper.keep(envelope.content)
            answer = "250 2.0.0 Kept"
        except NotKept as trouble:
            log.warning("A message by LMTP is put off: %s", trouble)
            answer = LATER
        return for_each(envelope, answer)

    async def handle_exception(self, error: Exception) -> str:
        """A mistake of ours is no reason for the other side to give the message up."""
        log.error("LMTP: %s", error, exc_info=error)
        return LATER


class Server(aiosmtpd_lmtp.LMTP):
    """aiosmtpd's server; it reads the content in pieces instead of lines, so that no line is too long for it."""

    line_length_limit = 65_536
    command_size_limit = 4096

    def __init__(self, desk: Desk, *, hostname: str, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(
            desk,
            data_size_limit=intake.LARGEST_BYTES,
            enable_SMTPUTF8=True,
            hostname=hostname,
            ident="Balie LMTP",
            tls_context=tls,
            timeout=IDLE_SECONDS,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            loop=asyncio.get_running_loop(),
        )
        self.desk = desk
        self.client: dict[str, str] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._original_transport is None:
            self.desk.connections.add(self)
            if len(self.desk.connections) > MOST_CONNECTIONS:
                assert isinstance(transport, asyncio.Transport)
                transport.write(b"421 4.3.2 Too many connections; come back later\r\n")
                transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.desk.connections.discard(self)
        super().connection_lost(error)

    async def hang_up(self) -> None:
        """End the connection, whatever it is about; what was not said yes to is offered again."""
        assert self._handler_coroutine is not None
        self._handler_coroutine.cancel()
        await asyncio.wait([self._handler_coroutine])
        if self.transport is not None:
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.abort()

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """Any address: a server that took the mail already must not have to send it back for how a name is written."""
        found = _PATH.fullmatch(arg)
        return (found[1].strip() or "<>", found[2]) if found else super()._getaddr(arg)

    async def smtp_XFORWARD(self, arg: str) -> None:  # noqa: N802
        """Which server sent the next message to the one in front of us (Postfix's XFORWARD): to check the sender by."""
        if await self.check_helo_needed():
            return
        told = dict(_FORWARDED.findall(arg or ""))
        self.client |= {name.lower(): _unquoted(value) for name, value in told.items()}
        await self.push("250 2.0.0 OK")

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        envelope = self.envelope
        if await self.check_helo_needed():
            return
        assert envelope is not None
        if not envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        async with contextlib.AsyncExitStack() as held:
            try:
                content = await self._content(held)
            except TooLarge:
                answer = for_each(envelope, TOO_LARGE)
            else:
                envelope.content = client_header(self.client) + envelope_headers(envelope) + content
                self.client = {}
                del content
                answer = await self._call_handler_hook("DATA")
        self.envelope = self._create_envelope()
        await self.push(answer)

    async def _content(self, held: contextlib.AsyncExitStack) -> bytes:
        """The message up to the lone dot, without the dots that were added. Raises `TooLarge`.

        Only one large message is in memory at a time: the others wait on their wire, `held` until ours is kept.
        """
        content, is_large, is_too_large = bytearray(b"\r\n"), False, False
        while not content.endswith(END):
            content += await self._piece(content)
            self._reset_timeout()
            if len(content) > LARGE_BYTES and not is_large:
                is_large = True
                await held.enter_async_context(self.desk.large)
            if len(content) > intake.LARGEST_BYTES:
                is_too_large = True
                del content[: -len(END)]
        if is_too_large:
            raise TooLarge
        del content[-len(END) :]
        return bytes(content.replace(b"\r\n.", b"\r\n")[2:]) + b"\r\n"

    async def _piece(self, content: bytearray) -> bytes:
        """The next bytes, never beyond the end of the message."""
        begun = next((size for size in range(len(END) - 1, 0, -1) if content.endswith(END[:size])), 0)
        if begun:
            return await self._reader.readexactly(len(END) - begun)
        try:
            return await self._reader.readuntil(END)
        except asyncio.LimitOverrunError as overrun:
            return await self._reader.readexactly(overrun.consumed)


def for_each(envelope: Envelope, answer: str) -> str:
    """The same answer for every recipient, as LMTP wants it after the content."""
    return "\r\n".join([answer] * len(envelope.rcpt_tos))


def client_header(client: Mapping[str, str]) -> bytes:
    """The server that sent the message, as the very first line; without one Return-Path is the first."""
    address = client.get("addr", "").removeprefix("IPV6:")
    if not _ADDRESS.fullmatch(address):
        return b""
    helo = _NOT_A_NAME.sub("", client.get("helo", ""))[:255]
    return f"{CLIENT_HEADER}: {address} {helo}\r\n".encode()


def _unquoted(value: str) -> str:
    """A value as RFC 3461 writes it; what was not told is empty."""
    plain = _HEX.sub(lambda found: chr(int(found[1], 16)), value)
    return "" if plain in {"[UNAVAILABLE]", "[TEMPUNAVAIL]"} else plain


def envelope_headers(envelope: Envelope) -> bytes:
    """The envelope on top of the message, as a final delivery writes it; the same again when it is offered again."""
    sender = "" if envelope.mail_from in {None, "<>"} else envelope.mail_from
    lines = [f"Return-Path: <{sender}>", *(f"Delivered-To: {each}" for each in envelope.rcpt_tos)]
    return "".join(f"{_CONTROL.sub('', line)}\r\n" for line in lines).encode("utf-8", "surrogateescape")


@contextlib.asynccontextmanager
async def listening(
    address: str, desk: Desk, *, hostname: str, tls: ssl.SSLContext | None = None
) -> AsyncIterator[asyncio.Server]:
    """The server for the length of the block, at `host:port` or `unix:/path`; answers `asyncio`'s server."""
    loop = asyncio.get_running_loop()
    made: Callable[[], Server] = lambda: Server(desk, hostname=hostname, tls=tls)  # noqa: E731
    if address.startswith("unix:"):
        path = Path(address.removeprefix("unix:"))
        path.unlink(missing_ok=True)
        server: asyncio.Server = await loop.create_unix_server(made, path)
        path.chmod(0o666)  # who may speak to it is said by the folder it lies in
    else:
        host, _colon, port = address.rpartition(":")
        server = await loop.create_server(made, host.strip("[]"), int(port), backlog=256)
    try:
        async with server:
            yield server
            server.close()
            await asyncio.gather(*(each.hang_up() for each in list(desk.connections)))
    finally:
        if address.startswith("unix:"):
            path.unlink(missing_ok=True)
