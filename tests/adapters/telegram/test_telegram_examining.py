"""What a bot is told that stands in its way: token, clock, webhook, and in each group its rights."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.botapi import BotApiServer
from adapters.botapi.ready import Ready, ready_world
from adapters.protocol import Finding, Kept
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.examining import AT_ONCE, clock, examine
from adapters.telegram.settings import TelegramSettings, WebhookSettings
from rules.capability import Capability

ADS = ("No ads",)
NEEDS = MappingProxyType({Capability.DELETE: ADS, Capability.MUTE: ADS, Capability.SEND: ADS})


class Doctor:
    """The simulated Bot API, and an adapter that looks at it."""

    def __init__(self, ready: Ready, server: BotApiServer) -> None:
        self.ready, self.server = ready, server

    async def finds(
        self, *, needs: object = NEEDS, chat: int | str | None = None, **settings: object
    ) -> dict[str, Finding]:
        """What is amiss with the group, by code."""
        given = {"token": self.ready.bot.token, "api": self.server.url, **settings}
        adapter = TelegramAdapter("tg", TelegramSettings(**given))  # type: ignore[arg-type]
        group = Kept(f"tg:{chat or self.ready.group.id}", "Readers", needs, reads=ADS)  # type: ignore[arg-type]
        try:
            return {finding.code: finding for finding in await adapter.examine([group])}
        finally:
            await adapter.close()


@pytest.fixture
async def doctor() -> AsyncIterator[Doctor]:
    ready = ready_world()
    async with BotApiServer(ready.world) as server:
        yield Doctor(ready, server)


async def test_a_bot_with_every_right_is_told_that_all_is_well(doctor: Doctor) -> None:
    found = await doctor.finds()
    assert {code: finding.level for code, finding in found.items()} == {"telegram.bot": "ok", "telegram.group_ok": "ok"}
    assert found["telegram.bot"].params["name"] == "keeper_bot"


async def test_a_wrong_token_is_named_and_nothing_else_is_asked(doctor: Doctor) -> None:
    found = await doctor.finds(token="123456789:" + "B" * 35)
    assert set(found) == {"telegram.token"}


async def test_a_server_that_cannot_be_reached_is_named(doctor: Doctor) -> None:
    found = await doctor.finds(api="http://127.0.0.1:9")
    assert set(found) == {"telegram.unreachable"}


@pytest.mark.parametrize("answer", [True, None, [], {"username": "keeper_bot"}, {"id": "7"}])
async def test_an_answer_that_is_no_account_is_a_finding_too(answer: object) -> None:
    async def call(method: str, *_: object, **more: object) -> Any:
        return answer if method == "getMe" else {"id": -1, "type": "supergroup", "status": "member"}

    settings = TelegramSettings(token="123456789:" + "B" * 35, api="http://127.0.0.1:9")
    (found,) = await examine(call, settings, [Kept("tg:-1", "Readers", {})])
    assert (found.level, found.code) == ("error", "telegram.unreachable")
    assert found.params == {"reason": "the answer to getMe is no account"}


async def test_a_missing_right_is_named_with_the_rules_that_need_it(doctor: Doctor) -> None:
    people, ready = doctor.ready.people, doctor.ready
    people.promote(ready.ann, ready.bot, ready.group, rights={"can_restrict_members", "can_pin_messages"})
    found = await doctor.finds()
    missing = found["telegram.missing_right"]
    assert (missing.level, missing.params, missing.rules) == ("error", {"right": "can_delete_messages"}, ADS)
    assert missing.group == f"tg:{ready.group.id}"


async def test_a_right_that_no_rule_needs_is_not_asked_for(doctor: Doctor) -> None:
    people, ready = doctor.ready.people, doctor.ready
    people.promote(ready.ann, ready.bot, ready.group, rights={"can_delete_messages"})
    found = await doctor.finds(needs={Capability.DELETE: ADS})
    assert "telegram.missing_right" not in found


async def test_the_right_to_make_admins_is_one_too_many(doctor: Doctor) -> None:
    people, ready = doctor.ready.people, doctor.ready
    rights = {"can_delete_messages", "can_restrict_members", "can_promote_members"}
    people.promote(ready.ann, ready.bot, ready.group, rights=rights)
    found = await doctor.finds()
    assert found["telegram.needless_right"].level == "warning"


async def test_a_bot_that_is_no_admin_is_told_to_become_one(doctor: Doctor) -> None:
    doctor.ready.people.demote(doctor.ready.ann, doctor.ready.bot, doctor.ready.group)
    assert (await doctor.finds())["telegram.not_admin"].rules == ADS


async def test_a_bot_in_privacy_mode_that_only_reads_is_told_that_it_hears_nothing(doctor: Doctor) -> None:
    doctor.ready.people.demote(doctor.ready.ann, doctor.ready.bot, doctor.ready.group)
    found = await doctor.finds(needs={Capability.SEND: ADS})
    assert found["telegram.privacy"].level == "error"
    assert "telegram.not_admin" not in found


async def test_a_group_without_the_bot_and_one_that_nobody_knows_differ(doctor: Doctor) -> None:
    doctor.ready.people.remove_bot(doctor.ready.group, doctor.ready.bot)
    assert (await doctor.finds())["telegram.not_in_group"].level == "error"
    assert (await doctor.finds(chat=-1009999999999))["telegram.no_group"].params == {"id": "-1009999999999"}


async def test_a_group_that_is_written_by_its_user_name_is_told_by_its_number(doctor: Doctor) -> None:
    doctor.ready.world.usernames["slow_readers"] = doctor.ready.group.id
    found = (await doctor.finds(chat="@slow_readers"))["telegram.other_number"]
    assert (found.level, found.params) == ("error", {"id": str(doctor.ready.group.id)})


async def test_many_groups_are_looked_at_side_by_side_and_told_of_in_order() -> None:
    under_way, most = 0, 0

    async def call(method: str, params: Any, *_: object, **more: object) -> Any:
        nonlocal under_way, most
        under_way, most = under_way + 1, max(most, under_way + 1)
        await asyncio.sleep(0)
        under_way -= 1
        if method == "getMe":
            return {"id": 1, "can_read_all_group_messages": True}
        return {"id": int(params.get("chat_id", 0)), "type": "supergroup", "status": "member"}

    groups = [Kept(f"tg:{-number}", f"Group {number}", {}) for number in range(1, 101)]
    settings = TelegramSettings(token="123456789:" + "B" * 35, api="http://127.0.0.1:9")
    found = await examine(call, settings, groups)
    assert [finding.group for finding in found if finding.group] == [group.group for group in groups]
    assert most == AT_ONCE


async def test_a_webhook_that_is_left_over_is_named(doctor: Doctor) -> None:
    doctor.ready.bot.webhook.url = "https://bots.example.org/other"
    found = await doctor.finds()
    assert found["telegram.webhook_left"].params == {"value": "https://bots.example.org/other"}
    hook = WebhookSettings(url="https://bots.example.org/keeper", secret="s" * 32)
    assert "telegram.webhook_other" in await doctor.finds(webhook=hook)


@pytest.mark.parametrize("colon", [":", "%3A", "%3a"])
async def test_the_token_that_many_put_into_a_webhooks_address_is_told_to_nobody(doctor: Doctor, colon: str) -> None:
    token = doctor.ready.bot.token
    doctor.ready.bot.webhook.url = f"https://bots.example.org/{token.replace(':', colon)}"
    hook = WebhookSettings(url="https://bots.example.org/keeper", secret="s" * 32)
    told = str([await doctor.finds(), await doctor.finds(webhook=hook)])
    assert told.count("https://bots.example.org/...") == 2
    assert token.partition(":")[2] not in told


async def test_the_doctor_prints_what_to_tap_and_fails(doctor: Doctor, tmp_path: Path) -> None:
    ready = doctor.ready
    ready.people.promote(ready.ann, ready.bot, ready.group, rights={"can_restrict_members"})
    config = tmp_path / "config.yaml"
    config.write_text(
        f'platforms: {{ tg: {{ type: telegram, token: "{ready.bot.token}", api: "{doctor.server.url}" }} }}\n'
        f'groups: {{ readers: {{ platform: tg, chat: "{ready.group.id}", name: Readers }} }}\n'
        "rules: [{ id: ads, name: No ads, when: message, if: { links: any }, then: [delete, { mute: 1h }] }]\n"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "doctor", "config.yaml"), cwd=tmp_path, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    told = " ".join(out.decode().split())
    assert process.returncode == 1
    assert "✓ The token works: the bot is @keeper_bot" in told
    assert "“Readers”: the bot lacks the admin right “Delete messages”. Open the group" in told
    assert "Needed by: No ads" in told
    assert "can_restrict" not in told


@pytest.mark.parametrize(("off", "code"), [(120, "telegram.clock_slow"), (-120, "telegram.clock_fast"), (2, None)])
async def test_a_clock_that_differs_from_telegrams_is_told(off: int, code: str | None) -> None:
    async def answer(request: web.Request) -> web.Response:
        told = datetime.now(UTC) + timedelta(seconds=off)  # noqa: TID251 - the server's own clock
        return web.Response(headers={"Date": format_datetime(told, usegmt=True)})

    app = web.Application()
    app.router.add_route("*", "/", answer)
    async with TestServer(app) as server:
        settings = TelegramSettings(token="123456789:" + "A" * 35, api=str(server.make_url("")).rstrip("/"))
        found = await clock(settings)
    assert [finding.code for finding in found] == ([code] if code else [])
    assert all(118 <= int(finding.params["count"]) <= 122 for finding in found)
