"""What stands in the log when a gateway is in trouble for long: a line for each kind of trouble, not for each time."""

from structlog.testing import capture_logs

from adapters.driver import MemoryIntake
from adapters.errors import Rejected
from adapters.wechaty.inflow import Fetched
from adapters.wechaty.link import Heard
from tests.wechaty.false_gateway import FalseGateway
from tests.wechaty.listener import Listener
from tests.wechaty.test_inflow import flow, heard, until


async def last_is_heard(gateway: FalseGateway, listener: Listener) -> None:
    gateway.tell(24, '{"data": "the last"}')
    await listener.until(lambda: "reset" in listener.kinds())


async def test_complaints_that_take_turns_are_logged_once_each() -> None:
    async with FalseGateway() as gateway:
        with capture_logs() as logged:
            async with Listener(endpoint=gateway.endpoint) as listener:
                await listener.connected()
                for number in range(50):
                    gateway.tell(16, f'{{"data": "socket {number} failed"}}')
                    gateway.tell(16, '{"data": "the session is stale"}')
                await last_is_heard(gateway, listener)
    told = [line["error"] for line in logged if line["event"] == "wechaty_puppet_error"]
    assert told == ["socket 0 failed", "the session is stale"]


async def test_events_of_a_kind_that_nobody_knows_are_logged_once() -> None:
    async with FalseGateway() as gateway:
        with capture_logs() as logged:
            async with Listener(endpoint=gateway.endpoint) as listener:
                await listener.connected()
                for _ in range(50):
                    gateway.tell(99, "{}")
                await last_is_heard(gateway, listener)
    assert len([line for line in logged if line["event"] == "wechaty_unknown_event"]) == 1


async def test_what_a_puppet_cannot_tell_is_a_line_and_no_trace_of_a_program() -> None:
    async def fetch(one: Heard) -> Fetched:
        raise Rejected("the puppet is out of order")

    intake = MemoryIntake()
    with capture_logs() as logged:
        async with flow(fetch, intake) as made:
            await made.inflow.put(heard(1))
            await until(lambda: intake.broken)
    (line,) = [each for each in logged if each["event"] == "wechaty_unreadable"]
    assert "exc_info" not in line
    assert line["error"] == "the puppet is out of order"
