"""Telegram Desktop's ``result.json``: one chat, or a whole account with its chats one after the other.

The export holds each message as it reads now: one that was edited later is told once, at the time it was posted, in its
last wording. Nobody's role is in it, nor what was deleted.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo

import msgspec

from adapters.history import telegram_message as tm
from adapters.history.jsonwalk import Walk, decode_mended
from adapters.history.telegram_message import Exported
from rules.errors import HistoryError
from rules.events import Event, MemberJoined, MemberLeft, MessagePosted
from rules.values import Group, Member, Message, PlatformRole

BASIC = {"private_group"}
GROUPS = {"private_supergroup", "public_supergroup", "private_channel", "public_channel"}
NOT_GROUPS = {"personal_chat", "bot_chat", "saved_messages", "replies", "verification_codes"}
REMEMBERED = 50_000
"""How many messages back the author and topic of the one replied to are known."""

Wanted = Callable[[Group, bool], bool]
_JOINS_ALONE = {"join_group_by_link", "join_group_by_request"}
_decoder = msgspec.json.Decoder(Exported)


class TelegramExport:
    """The events of an export, in its order. ``zone`` is that of local dates in exports without Unix time.

    ``wanted(group, whole_account)`` says which chats to read. ``passed_over`` counts what became no event, by reason.
    """

    def __init__(self, walk: Walk, zone: tzinfo = UTC, wanted: Wanted | None = None) -> None:
        self._walk = walk
        self._zone = zone
        self._wanted = wanted
        self.passed_over: Counter[str] = Counter()
        self.edited = 0
        self.groups: list[Group] = []

    def __iter__(self) -> Iterator[Event]:
        walk = self._walk
        header: dict[str, object] = {}
        found = False
        for key in walk.members():
            if key == "messages":
                found = True
                yield from self._messages(header, account=False)
            elif key in ("chats", "left_chats"):
                found = True
                yield from self._chats()
            elif key in ("name", "type", "id"):
                header[key] = walk.value()
            else:
                walk.skip()
        if not found:
            raise HistoryError(
                f"{walk.name}: no chat export: it has neither `messages` nor `chats`; "
                "in Telegram Desktop open the group, choose Export chat history, and Machine-readable JSON"
            )

    def _chats(self) -> Iterator[Event]:
        walk = self._walk
        for key in walk.members():
            if key != "list":
                walk.skip()
                continue
            for _ in walk.elements():
                header: dict[str, object] = {}
                for part in walk.members():
                    if part == "messages":
                        yield from self._messages(header, account=True)
                    elif part in ("name", "type", "id"):
                        header[part] = walk.value()
                    else:
                        walk.skip()

    def _messages(self, header: dict[str, object], *, account: bool) -> Iterator[Event]:
        walk = self._walk
        walk.last = None
        group = self._group(header)
        if group is not None:
            self.groups.append(group)
        if group is None or (self._wanted is not None and not self._wanted(group, account)):
            for _ in walk.elements():
                walk.skip()
            return
        chat = _Chat(group, self._zone, self.passed_over)
        for _ in walk.elements():
            raw = walk.raw()
            try:
                told = _decoder.decode(raw)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                told = self._mended(raw)
            if told.edited_unixtime is not None or told.edited is not None:
                self.edited += 1
            try:
                events = list(chat.events(told))
            except RecursionError:  # as deep as JSON may be, but deeper than can be gone through
                raise walk.fault_in(raw, "no message", ValueError("nested too deep")) from None
            yield from events
            walk.last = told.id

    def _mended(self, raw: bytes) -> Exported:
        try:
            return decode_mended(_decoder, raw)
        except msgspec.DecodeError as error:
            raise self._walk.fault_in(raw, "no message", error) from error

    def _group(self, header: dict[str, object]) -> Group | None:
        kind, number = tm.simple(header.get("type")), header.get("id")
        if kind in NOT_GROUPS:
            self.passed_over["private chats"] += 1
            return None
        if not isinstance(number, int):
            raise self._walk.fault("a chat without an id before its messages; export it again")
        if kind not in BASIC and kind not in GROUPS:
            self.passed_over["chats of an unknown type, read as supergroups"] += 1
        id_ = f"telegram:-{number}" if kind in BASIC else f"telegram:-100{number}"
        return Group(id_, str(header.get("name") or ""))


class _Chat:
    """One chat's messages as events: who is who, what was replied to, which topic it belongs to."""

    def __init__(self, group: Group, zone: tzinfo, passed_over: Counter[str]) -> None:
        self.group = group
        self._zone = zone
        self._passed_over = passed_over
        self._people: dict[object, Member] = {}  # by the export's id
        self._ids: dict[str, str | None] = {}  # by name; None where several bear it
        self._written: OrderedDict[object, tuple[Member, str | None]] = (
            OrderedDict()
        )  # the last messages: author and topic
        self._topics: set[object] = set()

    def events(self, x: Exported) -> Iterator[Event]:
        at = self._moment(x)
        x.id, x.from_id, x.actor_id = tm.simple(x.id), tm.simple(x.from_id), tm.simple(x.actor_id)
        if x.id is None or at is None:
            what = (
                "messages that Telegram Desktop could not export" if x.type == "unsupported" else "without id or date"
            )
            self._passed_over[what] += 1
        elif x.type == "message":
            yield self._posted(x, at)
        elif x.type == "service":
            yield from self._service(x, at)
        else:
            self._passed_over[f"of type {x.type}"] += 1

    def _posted(self, x: Exported, at: datetime) -> Event:
        author = self._person(x.from_id, x.from_)
        text = x.text
        if x.rich_message is not None and not text:
            text = tm.rich_parts(x.rich_message)
        links, mentions = ((), ()) if isinstance(text, str) else tm.entities(text)
        reply_to, reply_author, topic = self._reply(x)
        message = Message(
            id=f"{self.group.id}/{x.id}",
            author=author,
            text=text if isinstance(text, str) else tm.plain_text(text),
            at=at,
            reply_to=reply_to,
            reply_to_author=reply_author,
            links=links,
            mentions=mentions,
            media=tm.media_of(x),
            forward=tm.forward_of(x),
            buttons=tm.buttons_of(x) if x.inline_bot_buttons is not None else (),
            via_bot=str(x.via_bot).removeprefix("@") if x.via_bot else None,
            topic=topic,
        )
        self._written[x.id] = (author, topic)
        if len(self._written) > REMEMBERED:
            self._written.popitem(last=False)
        return MessagePosted(message.id, self.group, at, message)

    def _service(self, x: Exported, at: datetime) -> Iterator[Event]:
        action = tm.simple(x.action)
        base = f"{self.group.id}/{x.id}"
        if action == "topic_created":
            self._topics.add(x.id)
        if action not in ("invite_members", "remove_members") and action not in _JOINS_ALONE:
            self._passed_over["service messages"] += 1
            return
        actor = None if x.actor_id is None and x.actor is None else self._person(x.actor_id, x.actor)
        if action in _JOINS_ALONE:
            if actor is None:
                self._passed_over["joins of nobody known"] += 1
                return
            inviter = self._named(x.inviter) if isinstance(x.inviter, str) else None
            yield MemberJoined(f"{base}/join", self.group, at, actor, inviter, "link" if x.inviter else None)
            return
        names = x.members if isinstance(x.members, list) else []
        for number, name in enumerate(names, 1):
            own = actor is not None and name == x.actor and len(names) == 1
            member = actor if own else self._named(name)
            if member is None:
                self._passed_over["joins or leaves of deleted accounts"] += 1
                continue
            other = None if own else actor
            if action == "invite_members":
                yield MemberJoined(f"{base}/join/{number}", self.group, at, member, other)
            else:
                yield MemberLeft(f"{base}/leave/{number}", self.group, at, member, other)

    def _person(self, id_: object, name: object) -> Member:
        known = self._people.get(id_)
        words = name if isinstance(name, str) else ""
        if known is not None and (known.name == words or not words):
            return known
        qualified = tm.peer(id_) or (f"telegram:{words}" if words else self.group.id)
        role = PlatformRole.ADMIN if qualified == self.group.id else PlatformRole.MEMBER  # an anonymous admin
        member = self._people[id_] = Member(qualified, words, role=role)
        if words:
            self._ids[words] = qualified if self._ids.get(words, qualified) == qualified else None
        return member

    def _named(self, name: object) -> Member | None:
        """The member of a name: members lists give no ids. One not met before is known by the name alone."""
        if not isinstance(name, str) or not name:
            return None
        return Member(self._ids.get(name) or f"telegram:{name}", name)

    def _reply(self, x: Exported) -> tuple[str | None, Member | None, str | None]:
        topic = None if x.topic_id is None else str(x.topic_id)
        to = tm.simple(x.reply_to_message_id)
        if to is None:
            return None, None, topic
        if x.reply_to_peer_id is not None:
            return f"{tm.peer(x.reply_to_peer_id)}/{to}", None, topic
        if to in self._topics:
            return None, None, str(to)
        author, in_topic = self._written.get(to, (None, None))
        return f"{self.group.id}/{to}", author, topic or in_topic

    def _moment(self, x: Exported) -> datetime | None:
        try:
            if x.date_unixtime is not None:
                return datetime.fromtimestamp(int(x.date_unixtime), UTC)
            at = datetime.fromisoformat(x.date)
        except (TypeError, ValueError, OverflowError, OSError):
            return None
        return (at if at.tzinfo is not None else at.replace(tzinfo=self._zone)).astimezone(UTC)
