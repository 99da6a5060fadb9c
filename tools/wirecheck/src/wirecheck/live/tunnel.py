"""Passes bytes both ways between a client and the upstream, once they speak another protocol."""

import asyncio

from wirecheck.live.wire import Peer

HTTP2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
"""How a client begins that knows that the server speaks HTTP/2 (RFC 9113, 3.4)."""


async def tunnel(client: Peer, upstream: Peer, to_client: bytes = b"", to_upstream: bytes = b"") -> None:
    """Passes bytes on until either end closes; those that were read already come first."""
    client.timeout = upstream.timeout = None
    client.when_lost, upstream.when_lost = upstream.close, client.close
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_pump(client, upstream, to_upstream))
            group.create_task(_pump(upstream, client, to_client))
    except* ConnectionError:
        pass
    finally:
        client.close()
        upstream.close()


async def _pump(source: Peer, target: Peer, data: bytes) -> None:
    while True:
        data += source.take()
        if data:
            await target.write(data)
            data = b""
        elif source.has_ended:
            target.close()
            return
        else:
            await source.wait()
