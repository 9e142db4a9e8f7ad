"""Requests and answers whose fields moved between the formats 0.x and 1.x of Wechaty's gRPC.

The stubs (wechaty-grpc 0.20) speak 0.x. Numbers of 1.x are from its ``puppet.proto``; both are sent, and whichever is
there is read: gateways of 1.x fill what they call deprecated as well, and will not for ever.
"""
# betterproto 1.2 reads the annotations, and knows no `X | None`.
# ruff: noqa: UP045, RUF009

import json
from dataclasses import dataclass
from typing import Any, Optional

import betterproto


@dataclass
class RoomTextRequest(betterproto.Message):
    """``RoomTopic`` and ``RoomAnnounce`` with a text: 2 is 0.x, 3 is 1.x. Without a text some puppets set it to ""."""

    id: str = betterproto.string_field(1)
    old: Optional[str] = betterproto.message_field(2, wraps=betterproto.TYPE_STRING)
    new: str = betterproto.string_field(3)


@dataclass
class TextResponse(betterproto.Message):
    """What is answered to those, and to everything that sends a message (its id): 1 is 0.x, 2 is 1.x."""

    old: Optional[str] = betterproto.message_field(1, wraps=betterproto.TYPE_STRING)
    new: str = betterproto.string_field(2)

    @property
    def value(self) -> str | None:
        """The text, from wherever it is; None where there is none."""
        return self.new or self.old or None


@dataclass
class Moment(betterproto.Message):
    """``google.protobuf.Timestamp``. As betterproto reads that, a year that no calendar has would raise."""

    seconds: int = betterproto.int64_field(1)
    nanos: int = betterproto.int32_field(2)


@dataclass
class MessagePayload(betterproto.Message):
    """A message: its time is in 4 in 0.x, in 10 in 1.x. ``type`` is the puppet's own number, unknown ones too."""

    id: str = betterproto.string_field(1)
    filename: str = betterproto.string_field(2)
    text: str = betterproto.string_field(3)
    old_time: int = betterproto.uint64_field(4)
    type: int = betterproto.int32_field(5)
    from_id: str = betterproto.string_field(6)
    room_id: str = betterproto.string_field(7)
    to_id: str = betterproto.string_field(8)
    mention_ids: list[str] = betterproto.string_field(9)
    new_time: Moment = betterproto.message_field(10)

    @property
    def timestamp(self) -> int:
        """As the puppet gave it: seconds or milliseconds; 0 where it gave none."""
        return self.old_time or in_milliseconds(self.new_time)


@dataclass
class InvitationPayload(betterproto.Message):
    """An invitation to a room: its time is in 6 in 0.x, in 10 in 1.x."""

    id: str = betterproto.string_field(1)
    inviter_id: str = betterproto.string_field(2)
    topic: str = betterproto.string_field(3)
    old_time: int = betterproto.uint64_field(6)
    new_time: Moment = betterproto.message_field(10)

    @property
    def timestamp(self) -> int:
        """As the puppet gave it: seconds or milliseconds; 0 where it gave none."""
        return self.old_time or in_milliseconds(self.new_time)


@dataclass
class LinkPayload(betterproto.Message):
    description: str = betterproto.string_field(1)
    thumbnail_url: str = betterproto.string_field(2)
    title: str = betterproto.string_field(3)
    url: str = betterproto.string_field(4)


@dataclass
class LinkResponse(betterproto.Message):
    """The card of a link: JSON in 0.x, fields in 1.x."""

    old: str = betterproto.string_field(1)
    new: LinkPayload = betterproto.message_field(2)

    @property
    def card(self) -> dict[str, Any] | None:
        """As the JSON says it."""
        return _card(self.old, self.new.to_dict())


@dataclass
class MiniProgramPayload(betterproto.Message):
    appid: str = betterproto.string_field(1)
    description: str = betterproto.string_field(2)
    page_path: str = betterproto.string_field(3)
    icon_url: str = betterproto.string_field(4)
    share_id: str = betterproto.string_field(5)
    thumb_url: str = betterproto.string_field(6)
    title: str = betterproto.string_field(7)
    username: str = betterproto.string_field(8)
    thumb_key: str = betterproto.string_field(9)


@dataclass
class MiniProgramResponse(betterproto.Message):
    """The card of a mini program: JSON in 0.x, fields in 1.x."""

    old: str = betterproto.string_field(1)
    new: MiniProgramPayload = betterproto.message_field(2)

    @property
    def card(self) -> dict[str, Any] | None:
        """As the JSON says it."""
        return _card(self.old, self.new.to_dict())


@dataclass
class DownloadRequest(betterproto.Message):
    id: str = betterproto.string_field(1)


@dataclass
class Chunk(betterproto.Message):
    """A piece of a file, up (``Upload``) or down (``Download``)."""

    chunk: bytes = betterproto.bytes_field(1)


@dataclass
class UploadResponse(betterproto.Message):
    id: str = betterproto.string_field(1)


def in_milliseconds(moment: Moment) -> int:
    """A moment as a number. A puppet that tells seconds is taken for one that tells milliseconds by gateways of 1.x:
    then it is of 1970, and its milliseconds are those seconds."""
    return moment.seconds * 1000 + moment.nanos // 1_000_000


def _card(written: str, fields: dict[str, Any]) -> dict[str, Any] | None:
    if written:
        try:
            found = json.loads(written)
        except ValueError:
            found = None
        if isinstance(found, dict):
            return found
    return fields or None
