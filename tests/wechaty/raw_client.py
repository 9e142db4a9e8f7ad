"""A client of a gateway with nothing of the adapter in it: the stubs of wechaty-grpc, and the events as they come."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from grpclib.client import Channel
from wechaty_grpc.wechaty import PuppetStub
from wechaty_grpc.wechaty.puppet import EventType

from tests.wechaty.mock_wechat import GUARD, Gateway


class RawClient:
    """The gateway's calls as `rpc`, its events as (kind, payload)."""

    def __init__(self, channel: Channel, metadata: dict[str, str]) -> None:
        self.channel = channel
        self.rpc = PuppetStub(channel, metadata=metadata, timeout=GUARD)
        self.events: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()

    async def read(self, stream: AsyncIterator[Any]) -> None:
        async for event in stream:
            kind = EventType(event.type).name.removeprefix("EVENT_TYPE_").lower()
            self.events.put_nowait((kind, json.loads(event.payload)))

    async def next(self, kind: str) -> dict[str, Any]:
        """The next event of a kind; others before it are dropped."""
        async with asyncio.timeout(GUARD):
            while True:
                came, payload = await self.events.get()
                if came == kind:
                    return payload


@asynccontextmanager
async def raw_client(
    gateway: Gateway, *, token: str | None = None, secure: ssl.SSLContext | None = None
) -> AsyncIterator[RawClient]:
    token = token or gateway.token
    host, port = gateway.endpoint.split(":")
    channel = Channel(host, int(port), ssl=secure)
    channel._authority = token  # the gateway takes the token from there
    metadata = {"authorization": f"Wechaty {token}"}
    client = RawClient(channel, metadata)
    reading = asyncio.ensure_future(client.read(PuppetStub(channel, metadata=metadata).event()))
    try:
        await client.rpc.start()
        await gateway.connected()
        yield client
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        channel.close()
