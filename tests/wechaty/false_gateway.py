"""A gateway that says what no real one would: bytes of the test's choosing as events, on the real wire."""

import asyncio
from typing import Any, Self

from grpclib.const import Cardinality, Handler
from grpclib.encoding.base import CodecBase
from grpclib.server import Server, Stream
from wechaty_grpc.wechaty import puppet as pb


class Bytes(CodecBase):
    """Messages as they are."""

    __content_subtype__ = "proto"

    def encode(self, message: Any, message_type: Any) -> bytes:
        return message if isinstance(message, bytes) else bytes(message)

    def decode(self, data: bytes, message_type: Any) -> bytes:
        return data


class FalseGateway:
    """Answers every call with nothing in it; `tell` sends an event. `dongs`: whether a ding comes back as an event;
    `greets`: whether it speaks at once."""

    def __init__(self, *, dongs: bool = True, greets: bool = True) -> None:
        self.dongs = dongs
        self.greets = greets
        self.opened = 0
        self._events: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._server: Server | None = None
        self.endpoint = ""

    def __mapping__(self) -> dict[str, Handler]:
        calls = {"Start": self._answer, "Stop": self._answer, "Version": self._answer, "Ding": self._ding}
        known = {
            f"/wechaty.Puppet/{name}": Handler(call, Cardinality.UNARY_UNARY, bytes, bytes)
            for name, call in calls.items()
        }
        return known | {"/wechaty.Puppet/Event": Handler(self._event, Cardinality.UNARY_STREAM, bytes, bytes)}

    async def __aenter__(self) -> Self:
        self._server = Server([self], codec=Bytes())
        await self._server.start("127.0.0.1", 0)
        assert self._server._server is not None
        port = self._server._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        self.endpoint = f"127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    def tell(self, kind: int, payload: str) -> None:
        self._events.put_nowait(bytes(pb.EventResponse(type=kind, payload=payload)))  # type: ignore[arg-type]

    def tell_bytes(self, wire: bytes) -> None:
        self._events.put_nowait(wire)

    def end(self) -> None:
        """The stream of events ends as it should."""
        self._events.put_nowait(None)

    async def _event(self, stream: Stream[bytes, bytes]) -> None:
        await stream.recv_message()
        self.opened += 1
        if self.greets:
            await stream.send_message(bytes(pb.EventResponse(type=1, payload='{"data": "hello"}')))  # type: ignore[arg-type]
        while True:
            event = await self._events.get()
            if event is None:
                return
            await stream.send_message(event)

    async def _answer(self, stream: Stream[bytes, bytes]) -> None:
        await stream.recv_message()
        await stream.send_message(b"")

    async def _ding(self, stream: Stream[bytes, bytes]) -> None:
        await self._answer(stream)
        if self.dongs:
            self.tell(3, '{"data": "dong"}')
