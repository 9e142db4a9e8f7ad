"""The console keeps the contract of adapters: what people do goes in as lines, what the bot does comes out as lines."""

import json
from datetime import UTC, datetime
from itertools import count
from typing import Any

from adapters.console import ConsoleAdapter, ConsoleSettings, MemoryLines
from adapters.contract import AdapterContract, PlatformDriver
from adapters.protocol import Adapter

NOON = datetime(2026, 10, 9, 12, tzinfo=UTC)


class ConsoleDriver(PlatformDriver):
    """Who drives the console: tells again what was not acknowledged, and believes what the bot says it does."""

    group = "console:reading"

    def __init__(self) -> None:
        self.numbers = count(1)
        self.unacknowledged: dict[str, str] = {}
        self.effects: list[dict[str, Any]] = []
        self.said: dict[str, str] = {}
        self.lines: MemoryLines | None = None
        self.current: ConsoleAdapter | None = None

    def adapter(self) -> Adapter:
        if self.current is None:
            self.lines = MemoryLines()
            self.current = _Console(self, self.lines)
            for line in self.unacknowledged.values():
                self.lines.write(line)
        return self.current

    def heard(self, line: str) -> None:
        told = json.loads(line)
        if "ack" in told:
            self.unacknowledged.pop(told["ack"], None)
        if "effect" in told:
            self.effects.append(told["effect"])
            if told["receipt"]:
                self.said[told["receipt"]] = told["effect"].get("text", {}).get("literal", "")

    def unknown_group(self) -> str:
        return "elsewhere:reading"

    def stranger(self) -> str | None:
        return None

    def now(self) -> datetime:
        return NOON

    def member(self, who: str) -> str:
        return f"console:{who}"

    async def post(self, who: str, text: str, *, reply_to: str | None = None) -> str:
        number = self._tell(type="message", text=text, reply_to=reply_to, **{"from": {"id": who}})
        return f"{self.group}/{number}"

    async def edit(self, message: str, text: str) -> None:
        self._tell(type="edit", text=text, message=message, **{"from": {"id": "ann"}})

    async def join(self, who: str) -> None:
        self._tell(type="join", **{"from": {"id": who}})

    async def leave(self, who: str) -> None:
        self._tell(type="leave", **{"from": {"id": who}})

    async def bot_texts(self) -> list[str]:
        gone = {effect["message"] for effect in self._of("delete_message")}
        private = {effect["text"]["literal"] for effect in self._of("send_private")}
        return [text for message, text in self.said.items() if message not in gone and text not in private]

    async def is_visible(self, message: str) -> bool:
        return message not in {effect["message"] for effect in self._of("delete_message")}

    async def is_pinned(self, message: str) -> bool:
        pinned_as_said = any(effect.get("pin") for effect in self._of("send_text")) and message in self.said
        return pinned_as_said or message in {effect["message"] for effect in self._of("pin_message")}

    async def can_write(self, who: str) -> bool:
        return self._last(who, "mute_member", "unmute_member") != "mute_member"

    async def is_member(self, who: str) -> bool:
        return self._last(who, "kick_member", "ban_member") is None

    async def may_come_in(self, who: str) -> bool:
        return self._last(who, "ban_member", "unban_member") != "ban_member"

    async def private_texts(self, who: str) -> list[str]:
        return [e["text"]["literal"] for e in self._of("send_private") if e["member"] == self.member(who)]

    def _tell(self, **event: Any) -> int:
        number = next(self.numbers)
        line = json.dumps({"id": str(number), "group": "reading", **event}, ensure_ascii=False)
        self.unacknowledged[str(number)] = line
        if self.lines is not None and self.current is not None:
            self.lines.write(line)
        return number

    def _of(self, kind: str) -> list[dict[str, Any]]:
        return [effect for effect in self.effects if effect["type"] == kind]

    def _last(self, who: str, *kinds: str) -> str | None:
        about = [e["type"] for e in self.effects if e["type"] in kinds and e["member"] == self.member(who)]
        return about[-1] if about else None


class _Console(ConsoleAdapter):
    def __init__(self, driver: ConsoleDriver, lines: MemoryLines) -> None:
        super().__init__("console", lambda: NOON, ConsoleSettings(json=True), lines=lines, write=driver.heard)
        self._driver = driver

    async def close(self) -> None:
        await super().close()
        self._driver.current = None


class TestConsole(AdapterContract):
    def make_driver(self) -> PlatformDriver:
        return ConsoleDriver()
