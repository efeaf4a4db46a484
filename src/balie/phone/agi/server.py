"""The FastAGI server: who may connect, how many, how long; nothing that comes in ends it."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
from collections.abc import AsyncIterator, Sequence
from ipaddress import IPv4Network, IPv6Network

from balie.phone.agi.channel import Channel
from balie.phone.agi.conversation import Reception
from balie.phone.agi.protocol import LONGEST_LINE, Gone, NotUnderstood

log = logging.getLogger(__name__)

MOST_CALLS = 200
LONGEST_CALL_SECONDS = 600.0
Networks = Sequence[IPv4Network | IPv6Network]
LOOPBACK: Networks = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


class Server:
    """Takes connections of exchanges in `allowed`, beside those of this machine."""

    def __init__(self, reception: Reception, *, allowed: Networks = ()) -> None:
        self._reception = reception
        self._allowed = (*LOOPBACK, *allowed)
        self._calls: set[asyncio.Task[None]] = set()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection. Whatever comes of it, the dialplan goes on when it is closed."""
        task = asyncio.current_task()
        assert task is not None
        try:
            if self._lets_in(writer):
                self._calls.add(task)
                async with asyncio.timeout(LONGEST_CALL_SECONDS):
                    await self._reception.serve(Channel(reader, writer))
        except Gone as gone:
            log.debug("A call ended: %s", gone)
        except NotUnderstood as trouble:
            log.warning("AGI from %s: %s", _peer(writer), trouble)
        except (TimeoutError, OSError) as trouble:
            log.warning("A call took too long or broke off: %r", trouble)
        except Exception:
            log.exception("A call could not be served.")
        finally:
            self._calls.discard(task)
            writer.close()

    def _lets_in(self, writer: asyncio.StreamWriter) -> bool:
        peer = _peer(writer)
        if not any(peer in network for network in self._allowed if network.version == peer.version):
            log.warning("%s may not ask by AGI; BALIE_AGI_ALLOW says who may.", peer)
            return False
        if len(self._calls) >= MOST_CALLS:
            log.warning("There are %d calls at once; another goes to the fallback.", MOST_CALLS)
            return False
        return True

    async def hang_up(self) -> None:
        """End every call that is being served."""
        for task in (calls := list(self._calls)):
            task.cancel()
        await asyncio.gather(*calls, return_exceptions=True)


def _peer(writer: asyncio.StreamWriter) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    address = ipaddress.ip_address(writer.get_extra_info("peername")[0].partition("%")[0])
    return getattr(address, "ipv4_mapped", None) or address


@contextlib.asynccontextmanager
async def listening(
    host: str, port: int, reception: Reception, *, allowed: Networks = ()
) -> AsyncIterator[asyncio.Server]:
    """The server for the length of the block, and the events on their way to the desk; answers `asyncio`'s server."""
    server = Server(reception, allowed=allowed)
    emptying = asyncio.create_task(reception.outbox.empty())
    listener = await asyncio.start_server(server.connected, host, port, limit=LONGEST_LINE, backlog=256)
    try:
        async with listener:
            yield listener
            listener.close()
            await server.hang_up()
    finally:
        emptying.cancel()
        await asyncio.gather(emptying, return_exceptions=True)
