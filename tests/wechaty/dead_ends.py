"""A way to a gateway that goes dead as networks do: both ends think that the other is there."""

import asyncio
from typing import Self

from tests.wechaty.mock_wechat import Gateway


class DeadEnds:
    """Passes connections on, until they `die`: then they stay open, and nothing gets through. New ones do."""

    def __init__(self, gateway: Gateway) -> None:
        host, _, port = gateway.endpoint.rpartition(":")
        self._to = (host, int(port))
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None
        self.endpoint = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        self.endpoint = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.die()
        for writer in self._writers:
            writer.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def die(self) -> None:
        """Nothing gets through the connections that there are, and nobody is told."""
        for task in self._tasks:
            task.cancel()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self._to)
        self._writers += (writer, far_writer)
        for one, other in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(_copy(one, other))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
