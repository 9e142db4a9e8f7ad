"""What the bot did on a simulated Telegram, read out of the server's log: only what was carried out there counts."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from adapters.botapi import Request, RequestLog
from adapters.simulated import Act, Entry
from adapters.telegram.sending.mentions import UNSEEN

SHORT = timedelta(minutes=2)
"""A ban that ends so soon is one half of a removal: the adapter lifts it at once."""


class Record:
    """Entries in order. ``home`` is the group in which words to one person alone are told of.

    A request that met trouble after its effect was carried out: it is in here, although its bot does not know.
    """

    def __init__(self, name: str, bot: str, home: str, log: RequestLog) -> None:
        self.entries: list[Entry] = []
        self._name = name
        self._bot = bot
        self._home = home
        self._log = log
        self._read = 0
        self._authors: dict[str, str] = {}
        self._removed: set[str] = set()

    def add(self, entry: Entry) -> None:
        """Note what somebody did."""
        if entry.act in (Act.POST, Act.WHISPER, Act.FILE) and entry.message is not None:
            self._authors[entry.message] = entry.who
        self.entries.append(entry)

    def catch_up(self) -> None:
        """Read what was asked of the server since the last time."""
        new = list(islice(self._log.requests, self._read, None))
        self._read += len(new)
        for request in new:
            act = _ACTS.get(request.method)
            if act is not None and request.ok:
                act(self, request)

    def _said(self, request: Request, act: Act = Act.POST) -> None:
        body: Mapping[str, Any] = request.result
        chat = f"{self._name}:{body['chat']['id']}"
        private = body["chat"]["type"] == "private"
        document = body.get("document", {}).get("file_name")
        text = document or str(body.get("text") or body.get("caption") or "").replace(UNSEEN, "")
        answered = body.get("reply_to_message")
        kind = Act.FILE if document else Act.WHISPER if private else act
        self.add(
            Entry(
                request.at,
                kind,
                self._home if private else chat,
                self._bot,
                text=text,
                message=f"{chat}/{body['message_id']}",
                whom=chat if private else None,
                reply_to=f"{chat}/{answered['message_id']}" if answered else None,
            )
        )

    def _edited(self, request: Request) -> None:
        if isinstance(request.result, Mapping):
            self._said(request, Act.EDIT)

    def _deleted(self, request: Request) -> None:
        args = request.args
        for number in args.get("message_ids") or (args["message_id"],):
            message = f"{self._chat(request)}/{number}"
            if message in self._authors and message not in self._removed:
                self._removed.add(message)
                self._note(request, Act.DELETE, message=message, whom=self._authors[message])

    def _restricted(self, request: Request) -> None:
        muted = not request.args["permissions"].get("can_send_messages")
        self._note(
            request,
            Act.MUTE if muted else Act.UNMUTE,
            whom=self._whom(request),
            until=_until(request) if muted else None,
        )

    def _banned(self, request: Request) -> None:
        until = _until(request)
        removal = until is not None and until - request.at <= SHORT
        self._note(
            request, Act.KICK if removal else Act.BAN, whom=self._whom(request), until=None if removal else until
        )

    def _unbanned(self, request: Request) -> None:
        last = next((e.act for e in reversed(self.entries) if e.whom == self._whom(request)), None)
        if last is not Act.KICK:
            self._note(request, Act.UNBAN, whom=self._whom(request))

    def _pinned(self, request: Request) -> None:
        self._note(request, Act.PIN, message=f"{self._chat(request)}/{request.args['message_id']}")

    def _answered(self, request: Request) -> None:
        if text := request.args.get("text"):
            self._note(request, Act.ANSWER, text=text)

    def _approved(self, request: Request) -> None:
        self._note(request, Act.LET_IN, whom=self._whom(request))

    def _declined(self, request: Request) -> None:
        self._note(request, Act.TURN_DOWN, whom=self._whom(request))

    def _note(self, request: Request, act: Act, **details: Any) -> None:
        group = self._chat(request) if request.chat is not None else self._home
        self.entries.append(Entry(request.at, act, group, self._bot, **details))

    def _chat(self, request: Request) -> str:
        return f"{self._name}:{request.chat}"

    def _whom(self, request: Request) -> str:
        return f"{self._name}:{request.args['user_id']}"


def _until(request: Request) -> datetime | None:
    stamp = request.args.get("until_date")
    return datetime.fromtimestamp(int(stamp), UTC) if stamp else None


_ACTS: Mapping[str, Callable[[Record, Request], None]] = {
    "sendMessage": Record._said,
    "sendPhoto": Record._said,
    "sendDocument": Record._said,
    "editMessageText": Record._edited,
    "editMessageCaption": Record._edited,
    "deleteMessage": Record._deleted,
    "deleteMessages": Record._deleted,
    "restrictChatMember": Record._restricted,
    "banChatMember": Record._banned,
    "unbanChatMember": Record._unbanned,
    "pinChatMessage": Record._pinned,
    "answerCallbackQuery": Record._answered,
    "approveChatJoinRequest": Record._approved,
    "declineChatJoinRequest": Record._declined,
}
