"""What carrying an effect out needs: calls, ids as numbers, and patience between the parts of one effect."""

from collections.abc import Callable, Mapping
from typing import Any

from telegram import InputFile

from adapters.errors import Rejected
from adapters.telegram.calls import Call
from adapters.telegram.ids import message_of, number_of
from adapters.telegram.trouble import Sleep


class Api:
    """The Bot API for one platform's name. ``moved`` are groups whose number changed, until everybody knows it.

    ``on_sent`` is shown each message that was answered.
    """

    def __init__(self, platform: str, call: Call, pause: Sleep) -> None:
        self.platform = platform
        self.call = call
        self.pause = pause
        self.moved: dict[int, int] = {}
        self.on_sent: Callable[[Mapping[str, Any]], object] = lambda message: None

    async def __call__(self, method: str, files: Mapping[str, InputFile] | None = None, /, **params: Any) -> Any:
        """Call a method; parameters that are None are left out."""
        return await self.call(method, params, files)

    def chat(self, group: str) -> int:
        """The number of a group."""
        number = number_of(self.platform, group)
        return self.moved.get(number, number)

    def person(self, member: str) -> int:
        """The number of a person, or of a channel."""
        return number_of(self.platform, member)

    def message(self, message: str) -> tuple[int, int]:
        """The chat and the number of a message.

        One from before its group became a supergroup is out of reach: the new group counts its messages from 1.
        """
        chat, number = message_of(self.platform, message)
        if chat in self.moved:
            raise Rejected("the message is from before the group became a supergroup: no bot can reach it any more")
        return chat, number

    def id_of(self, sent: Mapping[str, Any]) -> str:
        """The qualified id of a message that was answered."""
        self.on_sent(sent)
        return f"{self.platform}:{sent['chat']['id']}/{sent['message_id']}"
