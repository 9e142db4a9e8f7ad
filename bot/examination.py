"""What stands in the way of keeping the groups: found out by the adapters that can, said in the operator's words.

Looked at when the bot starts, when the configuration is read anew, and when the bot's own standing in a group changes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

import structlog

from adapters.protocol import Adapter, Examined, Finding, Kept
from bot.refusals import refusal_in
from bot.setup import Setup
from rules.errors import StorageError
from rules.needs import needs_of
from rules.text import Param, Text, key, say

PATIENCE = 60.0
"""Seconds that an examination of one platform may take."""
TOGETHER = 3.0
"""Seconds in which further changes are waited for: who makes a bot an admin switches several rights one by one."""

log = structlog.get_logger("groupkeeper.examination")


class Examination:
    """Examines beside the running bot; ``tell`` is given the errors of each group, and whether all is well there."""

    def __init__(
        self,
        setup: Callable[[], Setup],
        adapters: Mapping[str, Adapter],
        tell: Callable[[str, Sequence[Finding]], Awaitable[None]],
    ) -> None:
        self._setup = setup
        self._adapters = adapters
        self._tell = tell
        self._wanted: set[str] = set()
        self._all = True
        self._wake = asyncio.Event()
        self._wake.set()

    def look(self, group: str | None = None) -> None:
        """Examine a group (qualified id) soon; None: everything."""
        if group is None:
            self._all = True
        else:
            self._wanted.add(group)
        self._wake.set()

    async def run(self) -> None:
        """Examine whenever there is reason to, until cancelled."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(TOGETHER)
            self._wake.clear()
            only = None if self._all else frozenset(self._wanted)
            self._all = False
            self._wanted.clear()
            try:
                await self._examine(only)
            except StorageError as error:  # told at the next occasion; the log has it
                log.error("database_trouble", error=str(error))
            except Exception:  # an adapter from elsewhere may find what nobody can read: the bot goes on without
                log.exception("examination_failed")

    async def _examine(self, only: frozenset[str] | None) -> None:
        for name, findings in (await examine(self._setup(), self._adapters, only)).items():
            by_group: dict[str, list[Finding]] = {}
            for finding in findings:
                if finding.level != "ok":
                    log.warning("examined", adapter=name, group=finding.group, found=finding.code, rules=finding.rules)
                # That all is well is told only to those who have just changed something.
                if finding.level == "error" or (only is not None and finding.group in only):
                    by_group.setdefault(finding.group, []).append(finding)
            for group, told in by_group.items():
                await self._tell(group, told)


def kept_groups(setup: Setup, platform: str, only: Collection[str] | None = None) -> list[Kept]:
    """The groups of a platform with what their rules need; ``only`` these (qualified ids)."""
    book = setup.rulebook
    found = []
    for chat, group in book.groups.items():
        if chat.partition(":")[0] != platform or (only is not None and chat not in only):
            continue
        needs = needs_of(group, book)
        found.append(Kept(chat, group.settings.name or group.settings.key, needs.by_capability, needs.reads))
    return found


async def examine(
    setup: Setup, adapters: Mapping[str, Adapter], only: Collection[str] | None = None
) -> dict[str, list[Finding]]:
    """What each platform's adapter finds, by the platform's name; with ``only``, of these groups' platforms."""
    found: dict[str, list[Finding]] = {}
    for name, adapter in adapters.items():
        if not isinstance(adapter, Examined):
            continue
        groups = kept_groups(setup, name, only)
        if only is not None and not groups:
            continue
        found[name] = await _examined(adapter, name, groups)
    return found


async def _examined(adapter: Examined, name: str, groups: Sequence[Kept]) -> list[Finding]:
    try:
        async with asyncio.timeout(PATIENCE):
            return list(await adapter.examine(groups))
    except TimeoutError:
        return [Finding("error", "no_answer", {"seconds": f"{PATIENCE:.0f}"})]
    except Exception as error:  # noqa: BLE001 - an adapter that cannot even look is a finding by itself
        log.warning("examination_failed", adapter=name, error=f"{type(error).__name__}: {error}")
        return [Finding("error", "failed", {"reason": f"{type(error).__name__}: {error}"})]


def wording(finding: Finding, setup: Setup, language: str) -> Text:
    """A finding in words: where, what it is, which rules suffer, and what to do."""
    params: dict[str, Param] = dict(finding.params)
    if right := finding.params.get("right"):
        params["right"] = key(f"findings.right.{right}")
    if reason := finding.params.get("reason"):
        params["reason"] = refusal_in(language, reason)
    book = setup.rulebook.group(finding.group) if finding.group else None
    params["group"] = (book.settings.name or book.settings.key) if book is not None else finding.group
    told: list[Text] = [key(f"findings.{finding.code}", **params)]
    if finding.rules:
        told.append(key("findings.rules", items=", ".join(finding.rules)))
    return say("{items}", items=tuple(told))
