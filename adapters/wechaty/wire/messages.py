"""Requests and answers whose fields moved between the formats 0.x and 1.x of Wechaty's gRPC.

The stubs (wechaty-grpc 0.20) speak 0.x. Numbers of 1.x are from its ``puppet.proto``; both are sent, and whichever is
there is read.
"""
# betterproto 1.2 reads the annotations, and knows no `X | None`.
# ruff: noqa: UP045

from dataclasses import dataclass
from typing import Optional

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
class DownloadRequest(betterproto.Message):
    id: str = betterproto.string_field(1)


@dataclass
class Chunk(betterproto.Message):
    """A piece of a file, up (``Upload``) or down (``Download``)."""

    chunk: bytes = betterproto.bytes_field(1)


@dataclass
class UploadResponse(betterproto.Message):
    id: str = betterproto.string_field(1)
