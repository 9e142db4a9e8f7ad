"""What stands in the way of a bot on Telegram: its token, its webhook, the clock, and in each group its rights."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from telegram.error import ChatMigrated, Forbidden, InvalidToken, TelegramError

from adapters.protocol import Finding, Kept
from adapters.telegram.answers import scrubbed
from adapters.telegram.calls import Call
from adapters.telegram.me import who
from adapters.telegram.settings import TelegramSettings
from rules.capability import Capability

RIGHTS: Mapping[Capability, str] = {
    Capability.DELETE: "can_delete_messages",
    Capability.MUTE: "can_restrict_members",
    Capability.KICK: "can_restrict_members",
    Capability.BAN: "can_restrict_members",
    Capability.PIN: "can_pin_messages",
    Capability.JOIN_REQUESTS: "can_invite_users",
}
"""The admin right that each capability needs."""
_AS_ADMIN = frozenset({Capability.SEE_REACTIONS})
"""What only an admin sees, whatever the rights."""
_BETTER_AS_ADMIN = (Capability.SEE_JOINS, Capability.SEE_LEAVES)
"""What is announced to all in small groups, and in large ones told to admins alone."""
NEEDLESS = "can_promote_members"
"""The right that no rule ever needs, and with which a stolen token takes the group over."""
CLOCK_MAY_DIFFER = timedelta(seconds=10)
RECENT = timedelta(hours=1)
"""How long a webhook's last error counts as one of now."""
PATIENCE = 10.0
"""Seconds in which a server must say what time it is."""
AT_ONCE = 5
"""Groups that are looked at side by side: a thousand one by one would take minutes."""


async def examine(call: Call, settings: TelegramSettings, groups: Sequence[Kept]) -> list[Finding]:
    """Look at everything and change nothing. Where the token does not work, nothing else is looked at."""
    try:
        me = await who(call)
    except InvalidToken:
        return [Finding("error", "telegram.token")]
    except TelegramError as error:
        return [Finding("error", "telegram.unreachable", {"reason": str(error)})]
    found = [Finding("ok", "telegram.bot", {"name": me.username, "id": str(me.id)})]
    found += await clock(settings)
    found += await _webhook(call, settings)
    side_by_side = asyncio.Semaphore(AT_ONCE)

    async def looked_at(group: Kept) -> list[Finding]:
        async with side_by_side:
            return await _group(call, group, me.id, reads_all=me.reads_all)

    for told in await asyncio.gather(*(looked_at(group) for group in groups)):
        found += told
    return found


async def clock(settings: TelegramSettings) -> list[Finding]:
    """Whether the clock of this machine differs from that of Telegram's servers."""
    with suppress(aiohttp.ClientError, TimeoutError, ValueError, TypeError):
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        async with (
            aiohttp.ClientSession(trust_env=True, timeout=timeout) as session,
            session.head(settings.api, allow_redirects=False) as answer,
        ):
            theirs = parsedate_to_datetime(answer.headers.get("Date", ""))
        off = datetime.now(UTC) - theirs  # noqa: TID251 - it is the machine's own clock that is examined
        if abs(off) > CLOCK_MAY_DIFFER:
            ahead = "fast" if off > timedelta() else "slow"
            return [Finding("warning", f"telegram.clock_{ahead}", {"count": str(round(abs(off).total_seconds()))})]
    return []


async def _webhook(call: Call, settings: TelegramSettings) -> list[Finding]:
    try:
        info = await call("getWebhookInfo", {})
    except TelegramError as error:
        return [Finding("warning", "telegram.webhook_unknown", {"reason": str(error)})]
    url = str(info.get("url") or "")
    if settings.webhook is None:
        return [Finding("warning", "telegram.webhook_left", {"value": scrubbed(url)})] if url else []
    if not url:
        return [Finding("warning", "telegram.webhook_not_yet", {"value": settings.webhook.url})]
    if url != settings.webhook.url:
        return [Finding("warning", "telegram.webhook_other", {"value": scrubbed(url)})]
    failed = info.get("last_error_date")
    if failed:
        ago = datetime.now(UTC) - datetime.fromtimestamp(failed, UTC)  # noqa: TID251 - as above
        if ago < RECENT:
            told = {
                "reason": str(info.get("last_error_message", "")),
                "count": str(info.get("pending_update_count", 0)),
            }
            return [Finding("error", "telegram.webhook_fails", told)]
    return [Finding("ok", "telegram.webhook_works", {"count": str(info.get("pending_update_count", 0))})]


async def _group(call: Call, group: Kept, bot: int, *, reads_all: bool) -> list[Finding]:
    chat = group.group.partition(":")[2]
    try:
        place = await call("getChat", {"chat_id": chat})
        seat = await call("getChatMember", {"chat_id": chat, "user_id": bot})
    except ChatMigrated as error:
        return [_about(group, "error", "telegram.upgraded", {"id": str(error.new_chat_id)})]
    except Forbidden:
        return [_about(group, "error", "telegram.not_in_group")]
    except TelegramError as error:
        if "chat not found" in str(error).casefold():
            return [_about(group, "error", "telegram.no_group", {"id": chat})]
        return [_about(group, "warning", "telegram.group_unknown", {"reason": str(error)})]
    if str(place.get("id")) != chat:  # by its user name it is found, but what happens there is told by its number
        return [_about(group, "error", "telegram.other_number", {"id": str(place.get("id"))})]
    found = list(_standing(group, place, seat, reads_all=reads_all))
    return found or [_about(group, "ok", "telegram.group_ok")]


def _standing(group: Kept, place: dict[str, Any], seat: dict[str, Any], *, reads_all: bool) -> Iterator[Finding]:
    """What is amiss with the bot's standing in one group."""
    status = seat.get("status")
    if status in ("left", "kicked") or (status == "restricted" and not seat.get("is_member")):
        yield _about(group, "error", "telegram.not_in_group")
        return
    if place.get("type") == "channel":
        yield _about(group, "error", "telegram.is_channel")
        return
    if status not in ("administrator", "creator"):
        yield from _no_admin(group, seat, reads_all=reads_all)
    elif status == "administrator":
        yield from _missing_rights(group, seat)
    if place.get("type") == "group":
        yield _about(group, "warning", "telegram.basic_group")


def _no_admin(group: Kept, seat: dict[str, Any], *, reads_all: bool) -> Iterator[Finding]:
    wanting = dict.fromkeys(rule for need in (*RIGHTS, *_AS_ADMIN) for rule in group.needs.get(need, ()))
    if wanting:
        yield _about(group, "error", "telegram.not_admin", rules=tuple(wanting))
        return
    if group.reads and not reads_all:
        yield _about(group, "error", "telegram.privacy", rules=group.reads)
    joins = dict.fromkeys(rule for need in _BETTER_AS_ADMIN for rule in group.needs.get(need, ()))
    if joins:
        yield _about(group, "warning", "telegram.joins_unsure", rules=tuple(joins))
    if seat.get("status") == "restricted" and seat.get("can_send_messages") is False:
        yield _about(group, "error", "telegram.cannot_send", rules=group.needs.get(Capability.SEND, ()))


def _missing_rights(group: Kept, seat: dict[str, Any]) -> Iterator[Finding]:
    missing: dict[str, dict[str, None]] = {}
    for capability, right in RIGHTS.items():
        if group.needs.get(capability) and not seat.get(right):
            missing.setdefault(right, {}).update(dict.fromkeys(group.needs[capability]))
    for right, rules in missing.items():
        yield _about(group, "error", "telegram.missing_right", {"right": right}, tuple(rules))
    if seat.get(NEEDLESS):
        yield _about(group, "warning", "telegram.needless_right", {"right": NEEDLESS})


def _about(
    group: Kept, level: Any, code: str, params: Mapping[str, str] | None = None, rules: tuple[str, ...] = ()
) -> Finding:
    return Finding(level, code, {} if params is None else params, group.group, rules)
