"""The process of the test gateway: killed, frozen, cut off, taken over, behind TLS."""

import asyncio
import os
import ssl
from collections.abc import Callable

import pytest
from grpclib.const import Status
from grpclib.exceptions import GRPCError, StreamTerminatedError
from wechaty_grpc.wechaty import PuppetStub

from tests.wechaty.mock_wechat import Gateway
from tests.wechaty.raw_client import raw_client


async def test_a_gateway_that_is_killed_comes_back_at_its_port(private_gateway: Callable[..., Gateway]) -> None:
    gateway = private_gateway(token="another")
    with pytest.raises(OSError, match="Connect call failed"):
        async with raw_client(gateway):
            pass
    await gateway.start()
    async with raw_client(gateway) as client:
        first = await gateway.say("ann", "before")
        await client.next("message")
        await gateway.kill()
    await gateway.start()
    async with raw_client(gateway):
        assert await gateway.say("ann", "after") != first
    await gateway.cut()
    async with raw_client(gateway) as client:
        await client.next("login")
        gateway.freeze()
        version = asyncio.ensure_future(client.rpc.version())
        assert not (await asyncio.wait({version}, timeout=0.2))[0]
        gateway.thaw()
        await version


async def test_a_gateway_with_tls_and_its_own_token_lets_in_who_has_both(
    private_gateway: Callable[..., Gateway],
) -> None:
    gateway = private_gateway(token="another", tls=True)
    await gateway.start()
    unchecked = ssl.create_default_context()
    unchecked.check_hostname = False
    unchecked.verify_mode = ssl.CERT_NONE
    unchecked.set_alpn_protocols(["h2"])
    async with raw_client(gateway, secure=unchecked) as client:
        assert (await client.next("login"))["contactId"] == "bot"
    with pytest.raises(GRPCError) as refused:
        async with raw_client(gateway, secure=unchecked, token="guessed"):
            pass
    assert refused.value.status is Status.UNAUTHENTICATED
    with pytest.raises((OSError, StreamTerminatedError)):
        async with raw_client(gateway):
            pass


async def test_what_happens_while_nobody_listens_is_there_but_not_heard(gateway: Gateway) -> None:
    async with raw_client(gateway):
        assert await gateway.listening()
    await gateway.disconnected()
    await gateway.close()
    missed = await gateway.say("ann", "missed")
    await gateway.open()
    async with raw_client(gateway) as client:
        heard = await gateway.say("ann", "heard")
        assert (await client.next("message"))["messageId"] == heard
        assert (await client.rpc.message_payload(id=missed)).text == "missed"


async def test_a_gateway_ends_when_its_parent_does(private_gateway: Callable[..., Gateway]) -> None:
    gateway = private_gateway()
    await gateway.start()
    pid = gateway.process.pid
    gateway.process.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_second_client_takes_over_by_a_stop_and_hears_of_the_login(gateway: Gateway) -> None:
    async with raw_client(gateway) as first:
        await first.next("login")
        stream = PuppetStub(first.channel, metadata=first.rpc.metadata)
        with pytest.raises(GRPCError) as refused:
            await anext(stream.event())
        assert refused.value.status is Status.ALREADY_EXISTS
        await first.rpc.stop()
        second = asyncio.ensure_future(first.read(stream.event()))
        await first.rpc.start()
        assert (await first.next("login"))["contactId"] == "bot"
        said = await gateway.say("ann", "to the second")
        assert (await first.next("message"))["messageId"] == said
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
