"""What the bot did on a made-up WeChat, as the gateway's process tells it."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

ROOM = "r1@chatroom"
OTHER_ROOM = "r2@chatroom"


@dataclass(slots=True)
class Call:
    """One call of the bot that does something.

    It is `performed` once it had its effect, with a `result`; `done` once answered, with an `error` or without.

    Its args by name:
    messageSendText to, text, mentions; messageSendFile to, file (name, size, base64; see `data`);
    messageSendContact to, contact; messageSendUrl to, link; messageSendMiniProgram to, program;
    messageForward to, message; messageRecall message;
    roomDel room, contact; roomAdd room, contact, link_only; roomQuit room;
    roomTopic and roomAnnounce room, text (None where it only reads);
    friendshipAccept friendship; friendshipAdd contact, hello; roomInvitationAccept invitation;
    contactAlias contact, alias.
    """

    number: int
    name: str
    args: dict[str, Any]
    result: Any = None
    error: str | None = None
    performed: bool = False
    done: bool = False

    @property
    def data(self) -> bytes:
        """The bytes of the file that was sent."""
        return base64.b64decode(self.args["file"]["base64"])


@dataclass(slots=True)
class Room:
    """A room as it is on WeChat now."""

    id: str
    topic: str
    announcement: str
    owner: str
    members: list[str] = field(default_factory=list)


class Deeds:
    """The bot's calls, and the rooms as they are; heard in another thread, read at once."""

    def __init__(self) -> None:
        self._calls: dict[int, Call] = {}
        self._rooms: dict[str, Room] = {}
        self._ids: dict[str, str] = {}
        self._stirred: Callable[[], None] = lambda: None

    def calls(self, name: str | None = None) -> list[Call]:
        """The bot's calls that do something, in order; those not answered yet are not `done`."""
        return [call for call in list(self._calls.values()) if name in (None, call.name)]

    def texts(self, room: str = ROOM) -> list[str]:
        """What the bot said in the room, in order, as far as it was delivered and not recalled."""
        return self._said(self.id(room))

    def private_texts(self, who: str) -> list[str]:
        return self._said(self.id(who))

    def recalled(self) -> list[str]:
        """The ids of the bot's messages that it took back."""
        return [call.args["message"] for call in self.calls("messageRecall") if call.result is True]

    def room(self, room: str = ROOM) -> Room:
        return self._rooms[self.id(room)]

    def members(self, room: str = ROOM) -> list[str]:
        """The keys of who is in the room."""
        keys = {now: key for key, now in self._ids.items()}
        return [keys[member] for member in self.room(room).members]

    def topic(self, room: str = ROOM) -> str:
        return self.room(room).topic

    def announcement(self, room: str = ROOM) -> str:
        return self.room(room).announcement

    def id(self, key: str) -> str:
        """The id that somebody or a room has now."""
        return self._ids[key]

    def _hear(self, line: dict[str, Any]) -> None:
        match line["ev"]:
            case "call":
                self._calls[line["n"]] = Call(line["n"], line["name"], line["args"])
            case "performed":
                call = self._calls[line["n"]]
                call.result, call.performed = line["result"], True
            case "done":
                call = self._calls[line["n"]]
                call.error, call.done = line.get("error"), True
            case "room":
                fields = ("id", "topic", "announcement", "owner", "members")
                self._rooms[line["id"]] = Room(**{name: line[name] for name in fields})
            case "ids":
                self._ids = line["ids"]
            case "forget":
                self._forget()
        self._stirred()

    def _forget(self) -> None:
        self._calls.clear()
        self._rooms.clear()

    def _said(self, to: str) -> list[str]:
        gone = set(self.recalled())
        sent = (call for call in self.calls("messageSendText") if call.performed)
        return [call.args["text"] for call in sent if call.args["to"] == to and call.result not in gone]
