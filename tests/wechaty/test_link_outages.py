"""A link comes back by itself from whatever befalls a gateway, says what is in the way, and tells it once."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from grpclib.exceptions import GRPCError
from structlog.testing import capture_logs
from wechaty_grpc.wechaty.puppet import EventRequest, EventResponse

from adapters.errors import OutcomeUnknown, RetryLater
from adapters.wechaty.link import BARRED, HELD
from tests.wechaty.dead_ends import DeadEnds
from tests.wechaty.listener import Listener, nothing_left, now
from tests.wechaty.mock_wechat import GUARD, ROOM, Gateway
from tests.wechaty.raw_client import RawClient, raw_client

Private = Callable[..., Gateway]
MOMENT = timedelta(seconds=1)


async def test_a_gateway_that_is_killed_and_started_again_is_heard_again(private_gateway: Private) -> None:
    gateway = private_gateway()
    await gateway.start()
    async with Listener(gateway) as listener:
        await listener.connected()
        said = await gateway.say("ann", "before")
        await listener.until(lambda: listener.messages == [said])
        killed = now()
        await gateway.kill()
        await listener.until(lambda: listener.told)
        assert listener.link.trouble == "wechaty_lost"
        with pytest.raises(RetryLater, match="not connected"):
            _ = listener.link.calls
        await gateway.start()
        await listener.connected()
        again = await gateway.say("ann", "after")
        await listener.until(lambda: listener.messages == [said, again])
        lost, back = listener.news
        assert (lost.kind, back.kind) == ("lost", "back")
        assert back.since == lost.since
        assert lost.since is not None
        assert killed - MOMENT < lost.since <= lost.at < back.at
        assert listener.link.trouble is None


async def test_what_was_being_said_when_it_broke_is_said_once(gateway: Gateway) -> None:
    async with Listener(gateway) as listener:
        await listener.connected()
        await gateway.hang("messageSendText", delivered=True)
        saying = asyncio.create_task(listener.link.calls.send_text(ROOM, "once"))
        await gateway.until(lambda: gateway.calls("messageSendText"))
        await gateway.cut()
        with pytest.raises(OutcomeUnknown, match="broke off"):
            await saying
        await listener.until(lambda: listener.told == ["lost", "back"])
        await listener.link.calls.send_text(ROOM, "and on")
        await gateway.settled()
        assert [call.args["text"] for call in gateway.calls("messageSendText")] == ["once", "and on"]


async def test_a_gateway_that_comes_back_late_is_tried_ever_more_rarely(private_gateway: Private) -> None:
    gateway = private_gateway()
    async with Listener(gateway) as listener:
        await listener.until(lambda: len(listener.waits) >= 9)
        assert listener.pauses()[:9] == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
        assert listener.told == ["lost"]
        assert listener.news[0].detail == "nothing listens at the gateway's address"
        await gateway.start()
        await listener.connected()
        assert listener.told == ["lost", "back"]


async def test_an_outage_is_told_as_of_when_something_was_heard_last(private_gateway: Private) -> None:
    gateway = private_gateway()
    await gateway.start()
    async with Listener(gateway, patience=1.5) as listener:
        await listener.connected()
        await listener.probed()
        frozen = now()
        gateway.freeze()
        await listener.until(lambda: listener.told)
        (lost,) = listener.news
        gateway.thaw()
        assert lost.since is not None
        assert lost.since < frozen + MOMENT < lost.at  # found out by a probe that was not answered
        assert "did not answer" in lost.detail
        await listener.connected()
        said = await gateway.say("ann", "awake")
        await listener.until(lambda: said in listener.messages)
        assert listener.news[-1].kind == "back"
        assert listener.news[-1].since == lost.since


async def test_broken_connections_are_made_anew_without_missing_who_is_logged_in(gateway: Gateway) -> None:
    async with Listener(gateway) as listener:
        for count in range(3):
            await listener.until(lambda wanted=count: listener.kinds().count("login") == wanted + 1)
            await gateway.cut()
            await listener.until(lambda wanted=count: listener.told == ["lost", "back"] * (wanted + 1))
        await listener.until(lambda: listener.kinds().count("login") == 4)
        assert listener.link.account == "bot"
        assert listener.news[0].detail == "the connection to the gateway broke off"


async def test_a_stream_that_the_gateway_ends_politely_is_opened_again(gateway: Gateway) -> None:
    async with Listener(gateway) as listener:
        await listener.connected()
        await listener.link.calls.stop()
        await listener.until(lambda: listener.told == ["lost", "back"])
        assert listener.news[0].detail == "the gateway ended the connection"
        said = await gateway.say("ann", "still there?")
        await listener.until(lambda: listener.messages == [said])


async def test_only_a_connection_that_held_is_tried_at_once_again(gateway: Gateway) -> None:
    time = [0.0]
    async with Listener(gateway, clock=lambda: time[0]) as listener:
        for pauses in ([0.5], [0.5, 1], [0.5, 1, 2]):
            await listener.connected()
            await gateway.cut()
            await listener.until(lambda wanted=pauses: listener.pauses() == wanted)
        await listener.connected()
        time[0] += HELD + 1
        await gateway.cut()
        await listener.until(lambda: listener.pauses() == [0.5, 1, 2, 0.5])


async def test_a_wrong_token_is_told_once_and_tried_now_and_then(private_gateway: Private) -> None:
    gateway = private_gateway(token="the-gateways-own")
    await gateway.start()
    with capture_logs() as lines:
        async with Listener(gateway, token="somebody-elses") as listener:
            await listener.until(lambda: len(listener.waits) >= 4)
            assert set(listener.waits) == {BARRED}
            assert listener.told == ["refused"]
            assert listener.link.trouble == "wechaty_refused"
            gateway.process.token = "somebody-elses"
            await gateway.restart()
            await listener.connected()
            assert listener.told == ["refused", "back"]
            assert listener.link.trouble is None
    refused = [line for line in lines if line["event"] == "wechaty_refused"]
    assert len(refused) == 1
    assert "`token:`" in refused[0]["advice"]
    assert "somebody-elses" not in str(lines) + str(listener.news)


async def test_a_name_that_no_machine_has_is_told_as_such() -> None:
    async with Listener(endpoint="gateway.invalid:8788") as listener:
        await listener.until(lambda: listener.told)
        assert listener.news[0].detail == "no machine is known by the name of the gateway"


async def test_a_gateway_that_another_program_holds_is_taken_over_once(gateway: Gateway) -> None:
    async with raw_client(gateway), Listener(gateway) as listener:
        await listener.connected()
        said = await gateway.say("ann", "to whom?")
        await listener.until(lambda: listener.messages == [said])
        assert listener.told == []


async def test_a_program_that_takes_the_gateway_back_is_left_in_peace_until_it_goes(gateway: Gateway) -> None:
    async with Listener(gateway, pace=0.2) as listener:
        await listener.connected()
        async with raw_client(gateway) as rival:
            holds = await _seized(rival)
            await listener.until(lambda: listener.told == ["lost", "back"])  # once we take it back
            holds = await _seized(rival)
            await listener.until(lambda: "taken" in listener.told)
            assert listener.link.trouble == "wechaty_taken"
            seen = len(listener.waits)
            await listener.until(lambda: len(listener.waits) >= seen + 4)
            assert listener.waits[-4:] == [BARRED] * 4
            assert listener.told == ["lost", "back", "lost", "taken"]
            assert not holds.done()
            holds.cancel()
        await listener.connected()
        await listener.until(lambda: listener.told[-1] == "back")
        said = await gateway.say("ann", "ours again")
        await listener.until(lambda: said in listener.messages)


async def test_a_bot_is_not_taken_for_another_when_its_connections_went_dead(gateway: Gateway) -> None:
    async with DeadEnds(gateway) as way, Listener(endpoint=way.endpoint, patience=1.0) as listener:
        for count in range(1, 4):  # each time the gateway holds on to the connection that is dead
            await listener.connected()
            await listener.probed()
            way.die()
            await listener.until(lambda wanted=count: listener.told == ["lost", "back"] * wanted)
        said = await gateway.say("ann", "still there")
        await listener.until(lambda: listener.messages == [said])


async def test_what_the_puppet_complains_of_ends_nothing_and_is_told_once(gateway: Gateway) -> None:
    with capture_logs() as lines:
        async with Listener(gateway) as listener:
            await listener.connected()
            for _ in range(3):
                await gateway.error(f"Error: something broke with {gateway.token}\n    at puppet.mjs:1")
            await gateway.emit("reset", {"data": "again"})
            said = await gateway.say("ann", "go on")
            await listener.until(lambda: listener.messages == [said])
            assert listener.told == []
    complaints = [line for line in lines if line["event"] == "wechaty_puppet_error"]
    assert [line["error"] for line in complaints] == ["something broke with ***"]


async def test_a_slow_taker_neither_stops_the_probe_nor_keeps_answers_back(gateway: Gateway) -> None:
    async with Listener(gateway, patience=1.5) as listener:
        await listener.connected()
        await listener.probed()
        listener.hold.clear()
        for _ in range(12):  # more than fits on the way: 6 MB
            await gateway.emit("friendship", {"friendshipId": "f", "filler": "x" * 500_000})
        await listener.probed()
        await listener.link.calls.alive()
        assert listener.told == []
        listener.hold.set()
        await listener.until(lambda: listener.kinds().count("friendship") == 12)
        assert listener.told == []


@pytest.mark.parametrize("when", ["absent", "mute", "frozen", "taking_over", "starting", "connected", "barred"])
async def test_it_ends_at_once_whatever_it_was_doing_and_leaves_nothing(private_gateway: Private, when: str) -> None:
    gateway = private_gateway()
    if when not in ("absent", "mute"):
        await gateway.start()
    mute = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0) if when == "mute" else None
    endpoint = f"127.0.0.1:{mute.sockets[0].getsockname()[1]}" if mute is not None else gateway.endpoint
    if when == "frozen":
        gateway.freeze()
    if when == "starting":
        await gateway.hang("start", times=9)
    token = "another" if when == "barred" else gateway.token
    with nothing_left():
        listener = Listener(endpoint=endpoint, token=token)
        if when == "taking_over":
            async with raw_client(gateway):
                await gateway.hang("stop", times=9)
                async with listener:
                    await asyncio.sleep(0.3)
        else:
            async with listener:
                await asyncio.sleep(0.3)
                if when == "connected":
                    await listener.connected()
        await asyncio.sleep(0.05)  # sockets are closed in the loop's next round
        if mute is not None:
            mute.close()
    if when == "frozen":
        gateway.thaw()


async def _seized(rival: RawClient) -> asyncio.Task[None]:
    """The rival has the stream of events; it holds it until the task is cancelled."""
    while True:
        await rival.rpc.stop()
        got = asyncio.Event()
        holding = asyncio.create_task(_hold(rival, got))
        waiting = asyncio.create_task(got.wait())
        await asyncio.wait({holding, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not holding.done():
            await rival.rpc.start()
            return holding


async def _hold(rival: RawClient, got: asyncio.Event) -> None:
    with suppress(GRPCError):  # the other was faster
        async for _ in rival.rpc._unary_stream("/wechaty.Puppet/Event", EventRequest(), EventResponse, timeout=GUARD):
            got.set()
