"""Who is logged in behind a gateway: told once, told anew when it is another, and what was known is forgotten."""

from adapters.driver import MemoryIntake
from tests.wechaty.adapter_beside import Beside, adapter_on
from tests.wechaty.mock_wechat import Gateway


def told(intake: MemoryIntake) -> list[str]:
    return [news.kind for news in intake.told]


async def heard(gateway: Gateway, intake: MemoryIntake) -> None:
    """Ann says something, and it is in the intake."""
    before = len(intake.events)
    await gateway.say("ann", "hello")
    await intake.holds(before + 1)


async def test_the_same_account_on_every_connection_is_news_once(gateway: Gateway) -> None:
    intake = MemoryIntake()
    async with adapter_on(gateway, intake) as beside:
        await beside.until(lambda: told(intake) == ["login"])
        for count in (1, 2):
            await gateway.cut()
            await beside.until(lambda wanted=count: told(intake) == ["login", *["lost", "back"] * wanted])
            await heard(gateway, intake)
        assert told(intake) == ["login", *["lost", "back"] * 2]
        assert beside.adapter.usernames == {"bot"}


async def test_another_account_is_told_by_its_name(gateway: Gateway) -> None:
    intake = MemoryIntake()
    async with adapter_on(gateway, intake) as beside:
        await beside.until(lambda: told(intake) == ["login"])
        await gateway.rename_contact("bot", "Second Bot")
        await gateway.change_ids()
        await beside.until(lambda: len(intake.told) == 3)
        assert [(news.kind, news.detail) for news in intake.told[1:]] == [("logout", ""), ("login", "Second Bot")]
        assert beside.adapter.link.account == gateway.id("bot")
        assert beside.adapter.usernames == {"second bot"}


async def test_what_the_account_itself_says_is_no_event_before_and_after_another_login(gateway: Gateway) -> None:
    intake = MemoryIntake()
    async with adapter_on(gateway, intake) as beside:
        await beside.until(lambda: told(intake) == ["login"])
        await gateway.say("bot", "I am the bot")
        await heard(gateway, intake)
        await gateway.change_ids()
        await beside.until(lambda: told(intake)[-1] == "login" and len(intake.told) == 3)
        await gateway.say("bot", "still me")
        await heard(gateway, intake)
        assert len(intake.events) == 2


async def asked_anew(gateway: Gateway, intake: MemoryIntake, beside: Beside) -> int:
    """How often who Ann is was asked for by a message of hers."""
    before = (await gateway.queries()).get("contactPayload", 0)
    await heard(gateway, intake)
    return (await gateway.queries()).get("contactPayload", 0) - before


async def test_after_an_outage_and_when_all_is_ready_people_are_asked_for_anew(gateway: Gateway) -> None:
    intake = MemoryIntake()
    async with adapter_on(gateway, intake) as beside:
        await heard(gateway, intake)
        await heard(gateway, intake)
        assert await asked_anew(gateway, intake, beside) == 0
        await gateway.emit("ready", {"data": "ready"})
        assert await asked_anew(gateway, intake, beside) > 0
        await gateway.cut()
        await beside.until(lambda: told(intake)[-1] == "back")
        assert await asked_anew(gateway, intake, beside) > 0
