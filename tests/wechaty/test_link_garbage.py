"""A gateway that talks nonsense, or whose stream of events is dead while it answers: the link is not put off."""

import asyncio

import pytest
from structlog.testing import capture_logs

from tests.wechaty.false_gateway import FalseGateway
from tests.wechaty.listener import Listener

MESSAGE = 2

NONSENSE = {
    "no JSON": (MESSAGE, "{'messageId': nothing"),
    "a list": (MESSAGE, "[1, 2]"),
    "a number": (MESSAGE, "17"),
    "nothing": (MESSAGE, "null"),
    "deep": (MESSAGE, "[" * 200_000),
    "an unknown kind": (99, '{"messageId": "m"}'),
    "no kind": (0, '{"messageId": "m"}'),
    "an error that is a list": (16, '{"data": ["odd"]}'),
    "a login without a name": (25, '{"contactId": null}'),
}


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE)
async def test_nonsense_is_passed_over_and_what_follows_is_heard(nonsense: tuple[int, str]) -> None:
    async with FalseGateway() as gateway, Listener(endpoint=gateway.endpoint) as listener:
        await listener.connected()
        gateway.tell(*nonsense)
        gateway.tell(MESSAGE, '{"messageId": "good"}')
        await listener.until(lambda: listener.messages[-1:] == ["good"])
        assert len(listener.messages) == 1
        assert listener.told == []
        assert gateway.opened == 1


@pytest.mark.parametrize("wire", [b"\xff\xff\xff\xff", b"\x12\x05\xff\xfe\xfd\xfc\xfb"])
async def test_what_is_no_event_at_all_costs_a_connection_and_no_more(wire: bytes) -> None:
    async with FalseGateway() as gateway, Listener(endpoint=gateway.endpoint) as listener:
        await listener.connected()
        gateway.tell_bytes(wire)
        await listener.until(lambda: gateway.opened == 2)
        gateway.tell(MESSAGE, '{"messageId": "good"}')
        await listener.until(lambda: listener.messages == ["good"])


async def test_a_stream_of_events_that_is_dead_is_found_though_calls_are_answered() -> None:
    async with FalseGateway() as gateway, Listener(endpoint=gateway.endpoint, patience=0.5) as listener:
        await listener.connected()
        await listener.probed(3)
        assert listener.told == []
        gateway.dongs = False
        await listener.until(lambda: listener.told[:1] == ["lost"])
        assert listener.news[0].detail == "the gateway's stream of events is dead"
        gateway.dongs = True
        await listener.until(lambda: listener.told == ["lost", "back"])
        assert gateway.opened >= 2


async def test_a_stream_that_is_dead_from_the_beginning_is_found_where_the_puppet_is_known() -> None:
    async with FalseGateway() as gateway, Listener(endpoint=gateway.endpoint, patience=0.5) as listener:
        await listener.connected()
        await listener.probed(3)
        gateway.dongs = False
        gateway.end()
        await listener.until(lambda: listener.told == ["lost", "back", "lost", "back"])
        assert listener.news[2].detail == "the gateway's stream of events is dead"
        await listener.probed(5)  # and then it is believed: the puppet has no dong any more
        assert listener.told == ["lost", "back", "lost", "back"]


async def test_a_puppet_that_gives_no_dong_is_taken_at_its_word() -> None:
    async with FalseGateway(dongs=False) as gateway, Listener(endpoint=gateway.endpoint, patience=0.2) as listener:
        await listener.connected()
        await listener.probed(5)
        assert listener.told == []
        assert gateway.opened == 1


async def test_a_listener_that_is_no_gateway_is_tried_again() -> None:
    async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(web, "127.0.0.1", 0)
    with capture_logs() as lines:
        async with server, Listener(endpoint=f"127.0.0.1:{server.sockets[0].getsockname()[1]}") as listener:
            await listener.until(lambda: len(listener.waits) >= 4)
    assert listener.told == ["lost"]
    assert {line["event"] for line in lines} == {"wechaty_lost"}
